"""What `.ci/package` hands over in the environment."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Platform(BuildHookInterface):
    """The wheel holds a binary for one architecture, and works with any Python."""

    def initialize(self, version, build_data):
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + os.environ["PLATFORMS"]


class Address(MetadataHookInterface):
    def update(self, metadata):
        metadata["urls"] = {"Source": os.environ["ADDRESS"]}
