pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// Chinese set from top to bottom, as on a scroll.
Column {
    id: root

    property color color: Theme.ink
    property int fontSize: 38
    property real pitch: root.fontSize + 10
    property string text

    Accessible.name: root.text
    Accessible.role: Accessible.StaticText

    Repeater {
        model: root.text.length

        Item {
            id: cell

            required property int index
            readonly property string character: root.text[cell.index] ?? ""
            readonly property bool blank: cell.character.trim() === ""

            height: cell.blank ? root.pitch * (cell.character === "　" ? 1 : 0.42) : root.pitch
            width: root.fontSize

            Text {
                anchors.horizontalCenter: parent.horizontalCenter
                color: root.color
                font.family: Theme.titleFont
                font.pixelSize: root.fontSize
                font.weight: Font.Bold
                lineHeight: root.pitch
                lineHeightMode: Text.FixedHeight
                text: cell.character
                textFormat: Text.PlainText
                visible: !cell.blank
            }
        }
    }
}
