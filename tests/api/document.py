"""The OpenAPI document: its operations, what an answer of each may be, and the members of its schemas.

A schema is named by the pointer to it, so that what was seen of it can be counted."""
import re
import urllib.parse
from pathlib import Path

import jsonschema_rs
import yaml

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "schemas" / "api" / "openapi.yaml"


def escaped(word):
    return word.replace("~", "~0").replace("/", "~1")


def filled(route, values):
    """The path with its parameters filled in."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), route)


class Document:
    def __init__(self, path=PATH):
        self.tree = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        self.operations = {}  # operationId → (method, path)
        for route, methods in self.tree["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["operationId"]] = (method.upper(), route)
        self._validators = {}

    def pointer(self, name):
        method, route = self.operations[name]
        return f"#/paths/{escaped(route)}/{method.lower()}"

    def operation(self, name):
        return self.follow(self.pointer(name))[1]

    def parameters(self, name):
        """{(where, name): parameter}, of what the operation takes besides its body."""
        count = len(self.operation(name).get("parameters", []))
        found = [self.follow(f"{self.pointer(name)}/parameters/{i}")[1] for i in range(count)]
        return {(parameter["in"], parameter["name"]): parameter for parameter in found}

    def follow(self, pointer):
        """Where a pointer leads, through references: the pointer to it, and what is there."""
        node = self.tree
        for word in pointer.removeprefix("#/").split("/"):
            word = word.replace("~1", "/").replace("~0", "~")
            node = node[int(word)] if isinstance(node, list) else node[word]
        return self.follow(node["$ref"]) if isinstance(node, dict) and "$ref" in node else (pointer, node)

    def response(self, name, status):
        return self.follow(f"{self.pointer(name)}/responses/{status}")

    def contents(self, name):
        """{(status, media type): schema}, of each answer that the operation may give."""
        found = {}
        for status in self.operation(name)["responses"]:
            pointer, response = self.response(name, status)
            for media in response["content"]:
                found[int(status), media] = f"{pointer}/content/{escaped(media)}/schema"
        return found

    def codes(self, schema):
        """The codes of problems that an answer of this schema may have; none where it has no problems."""
        return set(self._words(schema, ("problems", "items", "code")))

    def valid(self, schema, value):
        return self._validator(schema).is_valid(value)

    def why_invalid(self, schema, value):
        errors = self._validator(schema).iter_errors(value)
        return [f"/{'/'.join(map(str, error.instance_path))}: {error.message[:300]}" for error in errors]

    def members(self, schema):
        """{(schema, name)} of all members that a value of this schema, and what is in it, may have."""
        found, visited, ahead = set(), set(), [schema]
        while ahead:
            pointer, node = self.follow(ahead.pop())
            if pointer in visited:
                continue
            visited.add(pointer)
            found |= {(pointer, name) for name in node.get("properties", {})}
            ahead += [below for _, below in self._below(pointer, node)] + self._parts(pointer, node)
        return found

    def told(self, schema, value):
        """The (schema, name) of those that this value has; and the pointers to members that the document does not know."""
        return self._told([schema], value)

    def _told(self, schemas, value):
        """Of a value that all these schemas are about: what one of them knows is known."""
        parts = [part for schema in schemas for part in self._all_parts(schema, value)]
        if isinstance(value, list):
            inside = [f"{pointer}/items" for pointer, node in parts if "items" in node]
            return self._told_inside([(f"/{i}", each, inside) for i, each in enumerate(value)])
        if not isinstance(value, dict):
            return set(), []
        found = {(pointer, name) for pointer, node in parts for name in node.get("properties", {}) if name in value}
        free = not any("properties" in node or "additionalProperties" in node for _, node in parts)
        ahead, unknown = [], []
        for name, each in value.items():
            inside = [place for pointer, node in parts for word, place in self._below(pointer, node) if word == name]
            inside = inside or [f"{pointer}/additionalProperties" for pointer, node in parts if "additionalProperties" in node]
            unknown += [f"/{name}"] if not inside and not free else []
            ahead.append((f"/{name}", each, inside))
        deeper, more = self._told_inside(ahead)
        return found | deeper, unknown + more

    def _told_inside(self, values):
        found, unknown = set(), []
        for at, value, schemas in values:
            members, more = self._told(schemas, value)
            found |= members
            unknown += [at + pointer for pointer in more]
        return found, unknown

    def _validator(self, schema):
        if schema not in self._validators:
            whole = {**self.tree, "$ref": urllib.parse.quote(schema, safe="#/~")}
            self._validators[schema] = jsonschema_rs.Draft7Validator(whole, validate_formats=True)
        return self._validators[schema]

    def _below(self, pointer, node):
        """(name, schema) of each member; `items` and those of other names have none."""
        below = [(name, f"{pointer}/properties/{name}") for name in node.get("properties", {})]
        return below + [(None, f"{pointer}/{word}") for word in ("items", "additionalProperties") if isinstance(node.get(word), dict)]

    def _parts(self, pointer, node):
        return [f"{pointer}/{word}/{i}" for word in ("allOf", "oneOf") for i in range(len(node.get(word, [])))]

    def _all_parts(self, schema, value):
        """(pointer, node) of the schema and of whatever it is combined from, as far as the value is such."""
        pointer, node = self.follow(schema)
        parts = [(pointer, node)]
        for part in self._parts(pointer, node):
            if "/oneOf/" not in part.removeprefix(pointer) or self.valid(part, value):
                parts += self._all_parts(part, value)
        return parts

    def _words(self, schema, path):
        """The enumerated words at a path of members. Of a combination the last part says, since it narrows; of alternatives all."""
        pointer, node = self.follow(schema)
        if not path:
            below = list(node.get("enum", []))
        elif path[0] == "items":
            below = self._words(f"{pointer}/items", path[1:]) if "items" in node else []
        else:
            below = self._words(f"{pointer}/properties/{path[0]}", path[1:]) if path[0] in node.get("properties", {}) else []
        for i in range(len(node.get("allOf", []))):
            below = self._words(f"{pointer}/allOf/{i}", path) or below
        for i in range(len(node.get("oneOf", []))):
            below = below + self._words(f"{pointer}/oneOf/{i}", path)
        return below
