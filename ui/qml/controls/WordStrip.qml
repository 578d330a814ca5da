pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// The words that what is spelled may mean, common ones first; the last key turns to further ones.
Item {
    id: root

    property int columns: 8
    property int lines: 2
    property real gap: 12
    readonly property real unit: (root.width - root.gap * root.columns) / (root.columns + 1)
    readonly property real high: (root.height - root.gap * (root.lines - 1)) / root.lines

    Component.onCompleted: Ime.lay(root.columns, root.lines)
    onColumnsChanged: Ime.lay(root.columns, root.lines)

    Repeater {
        model: Ime.cells.length

        Pressable {
            id: word

            required property int index
            readonly property var cell: Ime.cells[word.index] ?? ({})

            height: root.high
            objectName: "word:" + word.text
            text: word.cell.text ?? ""
            width: (word.cell.span ?? 1) * root.unit + ((word.cell.span ?? 1) - 1) * root.gap
            x: (word.cell.column ?? 0) * (root.unit + root.gap)
            y: (word.cell.line ?? 0) * (root.high + root.gap)

            onClicked: Ime.choose(word.cell.index)

            background: Rectangle {
                border.color: word.first ? Theme.primary : Theme.outline
                border.width: word.first ? 4 : 2
                color: word.pressed ? Theme.primaryTint : Theme.surface
                radius: word.radius
            }
            contentItem: Txt {
                font.pixelSize: Theme.elder ? 52 : 44
                fontSizeMode: Text.HorizontalFit
                horizontalAlignment: Text.AlignHCenter
                minimumPixelSize: 24
                strong: word.first
                text: word.text
                verticalAlignment: Text.AlignVCenter
                wrapMode: Text.NoWrap
            }

            readonly property bool first: word.index === 0
        }
    }
    Key {
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        code: "more"
        height: root.high
        visible: Ime.canTurn
        width: root.unit

        onClicked: Ime.turn()
    }
}
