/// A bar chart of the most important numbers: an SVG without a background.
struct Picture {
  private let theme: Theme
  private var lines: [String] = []

  /// Colours for a page.
  struct Theme {
    let name: String
    let text: String
    let faint: String
    let bar: String
    let own: String

    /// The colours for a light page and for a dark one.
    static let all = [
      Theme(name: "light", text: "#1f2328", faint: "#59636e", bar: "#d1d9e0", own: "#e8512a"),
      Theme(name: "dark", text: "#f0f6fc", faint: "#9198a1", bar: "#3d444d", own: "#f0643c"),
    ]
  }

  /// A group of bars.
  private struct Panel {
    let title: String
    let bars: [(name: String, value: Double, words: String, isOwn: Bool)]
  }

  private static let width = 880
  private static let panelWidth = 280
  private static let gap = 20
  private static let rowHeight = 24
  private static let top = 44

  /// The whole file.
  static func svg(of table: Table, _ theme: Theme) -> String {
    var picture = Picture(theme: theme)
    let panels = panels(of: table)
    let rows = panels.map(\.bars.count).max() ?? 0
    let height = top + rows * rowHeight + 8
    picture.lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width)\" height=\"\(height)\" font-family=\"system-ui, sans-serif\" "
        + "font-size=\"13\" role=\"img\">",
      "<title>\(panels.map(words).joined(separator: ". "))</title>",
    ]
    for (index, panel) in panels.enumerated() {
      picture.draw(panel, x: index * (panelWidth + gap))
    }
    return (picture.lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private static func panels(of table: Table) -> [Panel] {
    let all: [(Row.Name, String, (Double) -> String)] = [
      (.size, "File", { "\(($0 / 1024).written(digits: 0)) KiB" }),
      (.resident, "Memory while idle", { "\($0.written(digits: 0)) KiB" }),
      (
        .startWall, "Added to the start of COMMAND",
        { "\($0.written(digits: 0)) µs" }
      ),
    ]
    return all.compactMap { name, title, words in
      guard let row = table[name] else { return nil }
      let bars = table.contestants.filter { $0.role != .floor }.compactMap { contestant in
        row.values[contestant].map {
          (
            contestant.name, $0, words($0) + (row.notes[contestant] ?? ""),
            contestant.role == .swinit
          )
        }
      }
      return Panel(title: title, bars: bars)
    }
  }

  /// The text alternative of a panel.
  private static func words(_ panel: Panel) -> String {
    panel.title + ": " + panel.bars.map { "\($0.name) \($0.words)" }.joined(separator: ", ")
  }

  private mutating func draw(_ panel: Panel, x: Int) {
    let (labels, values) = (76, 84)
    let room = Double(Picture.panelWidth - labels - values)
    let most = panel.bars.map(\.value).max() ?? 1
    write(panel.title, x: x, y: 18, color: theme.text, isBold: true)
    for (index, bar) in panel.bars.enumerated() {
      let y = Picture.top + index * Picture.rowHeight
      let length = max(1, bar.value / most * room)
      let color = bar.isOwn ? theme.own : theme.bar
      write(
        bar.name, x: x, y: y + 4, color: bar.isOwn ? theme.text : theme.faint, isBold: bar.isOwn)
      lines.append(
        "<rect x=\"\(x + labels)\" y=\"\(y - 7)\" width=\"\(length.written(digits: 1))\" "
          + "height=\"14\" rx=\"2\" fill=\"\(color)\"/>")
      write(
        bar.words, x: x + labels + Int(length) + 6, y: y + 4,
        color: bar.isOwn ? theme.text : theme.faint, isBold: bar.isOwn)
    }
  }

  private mutating func write(_ words: String, x: Int, y: Int, color: String, isBold: Bool) {
    let weight = isBold ? " font-weight=\"600\"" : ""
    lines.append("<text x=\"\(x)\" y=\"\(y)\" fill=\"\(color)\"\(weight)>\(words)</text>")
  }
}

extension Picture {
  private init(theme: Theme) { self.init(theme: theme, lines: []) }
}
