#include "audit/pack_page.h"

#include <fmt/format.h>

namespace tamroi::audit {
namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '<') {
      html += "&lt;";
    } else if (c == '&') {
      html += "&amp;";
    } else {
      html += c;
    }
  }
  return html;
}

}  // namespace

std::string pack_page(const Manifest& manifest) {
  std::string rows;
  for (const auto& stream : manifest.streams) {
    rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", event::to_string(stream.stream), stream.records);
  }
  return fmt::format(
      R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Audit pack of {0}</title>
<style>body{{font-family:sans-serif;max-width:46em;margin:2em auto;padding:0 1em;line-height:1.5}}td,th{{text-align:left;padding:.2em 1em .2em 0}}code{{background:#eee}}</style>
</head><body>
<h1>Audit pack of {0}</h1>
<p>Everything that the results of {0} were computed from, everything that was concluded of it, and the proof that it is what
the log <b>{1}</b> published: its first {2} entries, whose root is <code>{3}</code>.</p>
<table><tr><th>Stream</th><th>Records, from offset 0</th></tr>
{4}</table>
<h2>What is where</h2>
<ul>
<li><code>records/</code>: each record of a stream, exactly as it was received, in order.</li>
<li><code>outcomes/</code>: what was concluded of each of them, as it was published.</li>
<li><code>log/</code>: the whole log of hashes with its signed checkpoint; no record is in it, of no unit.</li>
<li><code>catalogues/</code>: the agreements as published, for reading; they are records of the stream <i>control</i> too.</li>
<li><code>results.json</code>: the results that follow from all this.</li>
<li><code>manifest.json</code>: every file with its length and SHA-256.</li>
</ul>
<h2>How to check it</h2>
<p><code>tamroi-verify pack FOLDER --key KEY</code>, with the log's public key from the ministry's own publication, not from
whoever gave you this folder; or <code>--policy FILE</code> with the keys of witnesses too. It shows that no record of these
streams was changed, taken out or added, that each was concluded of as published, and, by computing everything once more, that
the results follow. <code>--since CHECKPOINT</code> shows that the log only grew since an earlier one that you kept.</p>
<p>No program of ours is needed: the formats are described in <code>schemas/audit/README.md</code> of Tamroi's sources, and the
log is one of c2sp.org/tlog-tiles.</p>
</body></html>
)",
      escaped(manifest.unit), escaped(manifest.checkpoint.origin), manifest.checkpoint.size, to_base64(manifest.checkpoint.root), rows);
}

}  // namespace tamroi::audit
