# An image with one file, /swinit, for each platform that swinit is released for. Use it as a base,
# or copy the file:
#
#   COPY --from=swinit /swinit /swinit
#   ENTRYPOINT ["/swinit", "--"]

# Debian, for its keys: the C library is Debian's.
ARG SWIFT_IMAGE=swift:6.3-bookworm
# The compiler makes all of them where it runs: none has to be emulated.
FROM --platform=$BUILDPLATFORM ${SWIFT_IMAGE} AS build
ARG TARGETARCH TARGETVARIANT
WORKDIR /source
COPY . .
RUN .ci/release /release "$TARGETARCH$TARGETVARIANT"

FROM scratch
COPY --from=build /release/swinit-linux-* /swinit
ENTRYPOINT ["/swinit", "--"]
