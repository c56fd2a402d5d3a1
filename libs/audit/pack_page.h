#pragma once

#include <string>

#include "audit/manifest.h"

namespace tamroi::audit {

// The page that explains a pack to whoever opens its folder. The manifest's files may be missing.
[[nodiscard]] std::string pack_page(const Manifest& manifest);

}  // namespace tamroi::audit
