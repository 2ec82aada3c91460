# An image with /swinit for each platform that swinit is released for. Use it as a base, or copy the file:
#
#   COPY --from=swinit /swinit /swinit
#   ENTRYPOINT ["/swinit", "--"]
#
# It is compiled from this folder, unless `--build-context release=FOLDER` names the files that
# `.ci/release` made.

# Debian, because `.ci/release` verifies Debian's musl with Debian's keys.
ARG SWIFT_IMAGE=swift:6.3.1-bookworm
# All are compiled on the build machine, without emulation.
FROM --platform=$BUILDPLATFORM ${SWIFT_IMAGE} AS build
ARG TARGETARCH TARGETVARIANT
WORKDIR /source
COPY . .
RUN .ci/release /release "$TARGETARCH$TARGETVARIANT"

FROM scratch AS release
COPY --from=build /release /

FROM scratch
ARG TARGETARCH TARGETVARIANT
# Files that were uploaded and downloaded may have lost their permissions.
COPY --from=release --chmod=755 /swinit-linux-$TARGETARCH$TARGETVARIANT /swinit
COPY --from=release /COPYRIGHT /usr/share/doc/swinit/copyright
# `.ci/image` adds the version, the revision and the source.
LABEL org.opencontainers.image.title="swinit" \
  org.opencontainers.image.description="An init for containers that forwards signals and reaps zombies" \
  org.opencontainers.image.licenses="MIT"
ENTRYPOINT ["/swinit", "--"]
