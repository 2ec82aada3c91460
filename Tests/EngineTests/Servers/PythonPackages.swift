import Foundation
import Pages
import TestSupport

/// The packages from PyPI, in a virtual environment that `.ci/run` creates.
enum PythonPackages {
  private static let directory = packageDirectory.appending(path: ".build-python/bin").path

  static let need = need("sanic", "procrastinate")
  static let gunicornNeed = need("gunicorn")

  private static func need(_ programs: String...) -> Need {
    .feature(
      "\(programs.joined(separator: " and ")) "
        + "(python3 -m venv .build-python, .build-python/bin/pip install …)",
      isThere: programs.allSatisfy {
        FileManager.default.isExecutableFile(atPath: program($0))
      })
  }

  static func program(_ name: String) -> String { "\(directory)/\(name)" }
}
