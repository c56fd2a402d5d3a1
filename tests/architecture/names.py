"""Words that say nothing, and words that belong to a letter and hence to the catalogue alone."""
import re
from pathlib import Path

import letter
from source import Problem, cpp, reviewed, tracked, words_of

BANNED = {
    "manager": "what it does", "helper": "what it does", "helpers": "what they do", "util": "what it does",
    "utils": "what they do", "common": "what it is", "data": "what it holds", "info": "what it holds",
    "handle": "the verb that it is, or the noun it stands for", "process": "the verb that it is",
}
_OUTSIDE_SCOPE = re.compile(r"\b(std|boost|asio|beast|http|json|urls|rocksdb|RdKafka|spdlog|prometheus|google|YAML|CLI|fmt|"
                            r"ssl|Catch|benchmark)\s*(::\s*\w+\s*)*::\s*$")
_CALL = re.compile(r"(\.|->)\s*$")


def check(root):
    return [*banned(root), *letter_words(root)]


def banned(root):
    allowed = reviewed(root, "reviewed_names.txt")
    for name in tracked(root):
        if name.startswith(("libs/", "services/", "tests/", "deploy/")):
            for word in words_of(re.sub(r"[^A-Za-z0-9]+", "_", Path(name).name)):
                if word in BANNED:
                    yield Problem(name, 1, "name", f"a file called {word}; say {BANNED[word]}")
    for source in cpp(root, "libs", "services", "tests"):
        seen = set()
        for line, name, before in source.identifiers():
            bad = next((word for word in words_of(name) if word in BANNED), None)
            if not bad or name in allowed or name in seen or _OUTSIDE_SCOPE.search(before):
                continue
            if name in ("data", "handle", "process", "info") and _CALL.search(before):
                continue  # a member of an outside type, such as std::string's data(); its declaration here would show
            seen.add(name)
            yield Problem(source.path, line, "name", f"{name}: instead of {bad} say {BANNED[bad]}")


def letter_words(root):
    """No literal and no identifier of libs/ and services/ equals a word of a letter."""
    general = reviewed(root, "general_words.txt")
    words = letter.words(root)
    for entry, why in general.items():
        if not why:
            yield Problem("tests/architecture/general_words.txt", 1, "letter", f"{entry} has no reason")
    strict = {word: whose for word, whose in words.items() if word not in general}
    for source in cpp(root, "libs", "services"):
        seen = set()
        found = [(line, text, text) for line, text in source.literals]
        found += [(line, name, "_".join(words_of(name))) for line, name, _ in source.identifiers()]
        for line, shown, word in found:
            if word in strict and (line, word) not in seen:
                seen.add((line, word))
                yield Problem(source.path, line, "letter", f"{shown} is {strict[word]} of a letter; the catalogue says it")
