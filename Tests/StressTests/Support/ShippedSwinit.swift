import TestSupport

/// The debug product has shared libraries, which are files, and takes megabytes.
let shippedSwinit = Need.feature(
  "a release build of swinit, by SWINIT", isThere: !Swinit.path.contains("/debug/"))
