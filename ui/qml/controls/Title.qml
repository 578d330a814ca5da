import QtQuick
import Kiosk

// One serif title a page. A long one is set smaller before it is broken into lines.
Text {
    id: root

    readonly property int align: root.horizontalAlignment // Python cannot read the enum

    property int largest: Sizes.title
    property int smallest: Sizes.titleLong
    readonly property bool chinese: Words.lang.startsWith("zh")
    readonly property real room: root.width > 0 ? root.width / Math.max(1, metrics.advanceWidth) : 1

    readonly property real half: Math.round(root.font.pixelSize * 0.07)

    bottomPadding: -Math.abs(root.half)
    color: Theme.ink
    font.family: Theme.titleFont
    font.letterSpacing: root.chinese ? 2 : 0
    font.pixelSize: root.room >= 1 ? root.largest : Math.max(root.smallest, Math.floor(root.largest * root.room * 0.99 / 2) * 2)
    font.weight: Font.Bold
    lineHeight: Math.round(root.font.pixelSize * 1.3)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    topPadding: -root.half
    wrapMode: Text.Wrap

    TextMetrics {
        id: metrics

        font.family: root.font.family
        font.letterSpacing: root.font.letterSpacing
        font.pixelSize: root.largest
        font.weight: Font.Bold
        text: root.text.split("\n").reduce((longest, line) => line.length > longest.length ? line : longest, "")
    }
}
