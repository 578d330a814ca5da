import QtQuick
import Kiosk

// An amount with a small sign before it.
Row {
    id: root

    property string amount
    property color color: Theme.primary
    property real size: Sizes.amountTotal

    spacing: Math.round(root.size * 0.1)

    Txt {
        anchors.baseline: figures.baseline
        color: root.color
        font.pixelSize: Math.round(root.size * 0.53)
        leading: 1.1
        strong: true
        text: "¥"
        wrapMode: Text.NoWrap
    }
    Txt {
        id: figures

        color: root.color
        font.letterSpacing: 0.5
        font.pixelSize: root.size
        leading: 1.15
        strong: true
        text: root.amount
        wrapMode: Text.NoWrap
    }
}
