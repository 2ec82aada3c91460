# The SPDX document: the released files, what is linked into them, and what compiled them. `components`
# has a line "ARCHITECTURE NAME VERSION" for each library and "compiler swift VERSION"; `files` has a
# line "NAME SHA1 SHA256" for each file.

def rows($text): $text | split("\n") | map(select(. != "") | split(" "));
def id($name): "SPDXRef-" + ($name | gsub("[^A-Za-z0-9.]"; "-"));
def relation($from; $type; $to):
  {spdxElementId: $from, relationshipType: $type, relatedSpdxElement: $to};
# Debian's revision and other additions are no part of the version that upstream gave.
def upstream: sub("-[^-]*$"; "") | sub("[+~].*$"; "");

def package($name; $version; $license; $copyright; $location; $references):
  {
    SPDXID: id("Package-" + $name), name: $name, versionInfo: $version,
    downloadLocation: $location, filesAnalyzed: false, licenseConcluded: $license,
    licenseDeclared: $license, copyrightText: $copyright, externalRefs: $references
  };
def purl($locator):
  {referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: $locator};
def cpe($locator):
  {referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: $locator};

def library($name; $version):
  if $name == "musl-dev" then
    # Its memcpy for 32-bit ARM is Android's.
    package("musl"; $version | upstream; "MIT AND BSD-2-Clause"; "Copyright (c) 2005-2020 Rich Felker, et al.";
      "https://musl.libc.org/releases/musl-\($version | upstream).tar.gz";
      [cpe("cpe:2.3:a:musl-libc:musl:\($version | upstream):*:*:*:*:*:*:*"),
        purl("pkg:deb/debian/musl@\($version)?arch=source&distro=trixie")])
  else
    package("libgcc"; $version | upstream; "GPL-3.0-or-later WITH GCC-exception-3.1";
      "Copyright (c) Free Software Foundation, Inc."; "https://gcc.gnu.org";
      [purl("pkg:deb/debian/gcc-14@\($version)?arch=source&distro=trixie")])
  end;

rows($components) as $rows
| ($rows | map(select(.[0] == "compiler"))[0][2]) as $swift
| ($rows | map(select(.[0] != "compiler"))) as $linked
| ($linked | map(library(.[1]; .[2])) | unique) as $libraries
# A file has two names; both have the libraries of the architecture whose file has the same bytes.
| (rows($files) | map({name: .[0], sha1: .[1], sha256: .[2]})) as $files
| {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "swinit-\($version)",
    # Unique for each set of files, and the same for the same files.
    documentNamespace:
      "\($address)/releases/tag/v\($version)/\($files | map(.sha256[:8]) | unique | join("-"))",
    creationInfo: {created: $created, creators: ["Organization: The swinit authors", "Tool: jq"]},
    documentDescribes: [id("Package-swinit")],
    packages: ([
        package("swinit"; $version; "MIT"; "Copyright (c) 2026 The swinit authors"; $address;
          [purl("pkg:generic/swinit@\($version)")]),
        package("swift"; $swift; "Apache-2.0 WITH Swift-exception";
          "Copyright (c) Apple Inc. and the Swift project authors"; "https://www.swift.org";
          [purl("pkg:swift/github.com/swiftlang/swift@\($swift)")])
      ] + $libraries),
    files: ($files | map({
        SPDXID: id("File-" + .name), fileName: "./\(.name)", fileTypes: ["BINARY"],
        checksums: [
          {algorithm: "SHA1", checksumValue: .sha1}, {algorithm: "SHA256", checksumValue: .sha256}
        ],
        licenseConcluded: "MIT", licenseInfoInFiles: ["MIT"],
        copyrightText: "Copyright (c) 2026 The swinit authors"
      })),
    relationships: (
      [relation("SPDXRef-DOCUMENT"; "DESCRIBES"; id("Package-swinit")),
        relation(id("Package-swift"); "BUILD_TOOL_OF"; id("Package-swinit"))]
      + ($files | map(relation(id("File-" + .name); "GENERATED_FROM"; id("Package-swinit"))))
      + [
        $linked[] as [$architecture, $name, $library]
        | ($files | map(select(.name == "swinit-linux-" + $architecture))[0].sha256) as $bytes
        | $files[] | select(.sha256 == $bytes)
        | relation(id("File-" + .name); "STATIC_LINK"; library($name; $library).SPDXID)
      ])
  }
