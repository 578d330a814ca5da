import QtQuick
import Kiosk

// Everything to read. Plain text only: a name with angle brackets stays a name.
Text {
    id: root

    readonly property int align: root.horizontalAlignment // Python cannot read the enum
    readonly property int drawn: root.fontInfo.pixelSize // smaller than what was asked for, where it is made to fit

    property real leading: 1.5
    readonly property real half: Math.round(root.font.pixelSize * (1.448 - root.leading) / 2)
    property bool strong: false

    // Half of the leading above and half below, as on paper; Qt puts all of it below.
    bottomPadding: -Math.abs(root.half)
    topPadding: -root.half

    color: Theme.ink
    font.family: Theme.bodyFont
    font.pixelSize: Sizes.body
    font.weight: root.strong ? Font.Bold : Font.Normal
    font.features: ({
            "tnum": 1
        })
    lineHeight: Math.round(root.font.pixelSize * root.leading)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
}
