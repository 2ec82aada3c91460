import TestSupport

/// The debug product loads shared libraries, which take descriptors and megabytes.
let shippedSwinit = Need.feature(
  "a release build of swinit, named by SWINIT", isThere: !Swinit.path.contains("/debug/"))
