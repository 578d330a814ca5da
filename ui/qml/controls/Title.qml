import QtQuick
import Kiosk

// One serif title a page. A long one is set smaller before it is broken into lines.
Text {
    id: root

    readonly property int align: root.horizontalAlignment // Python cannot read the enum
    readonly property bool chinese: Words.lang.startsWith("zh")
    readonly property real half: Math.round(root.font.pixelSize * 0.07)
    property int largest: Sizes.title
    property int size: root.largest
    property int smallest: Sizes.titleLong
    property real spread: root.chinese ? 2 : 0

    // Not a binding, and never within the layout's own turn: it may ask for another width because of another size.
    function fit(): void {
        if (root.width <= 0 || !root.visible)
            return;
        const room = root.width / Math.max(1, metrics.advanceWidth);
        root.size = room >= 1 ? root.largest : Math.max(root.smallest, Math.floor(root.largest * room * 0.99 / 2) * 2);
    }

    bottomPadding: -Math.abs(root.half)
    color: Theme.ink
    font.family: Theme.titleFont
    font.letterSpacing: root.spread
    font.pixelSize: root.size
    font.weight: Font.Bold
    lineHeight: Math.round(root.font.pixelSize * 1.3)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    topPadding: -root.half
    wrapMode: Text.Wrap

    Component.onCompleted: root.fit()
    onLargestChanged: root.fit()
    onSmallestChanged: root.fit()
    onVisibleChanged: root.fit()
    onWidthChanged: Qt.callLater(root.fit)

    TextMetrics {
        id: metrics

        font.family: Theme.titleFont
        font.letterSpacing: root.spread
        font.pixelSize: root.largest
        font.weight: Font.Bold
        text: root.text.split("\n").reduce((longest, line) => line.length > longest.length ? line : longest, "")

        onMetricsChanged: root.fit()
    }
}
