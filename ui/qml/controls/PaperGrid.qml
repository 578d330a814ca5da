pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// All pages that are kept, small; a touch looks at one.
Item {
    id: root

    property var choices: []
    readonly property int columns: Math.max(2, Math.ceil(root.choices.length / root.rows))
    readonly property int most: Theme.landscape ? 5 : 4
    readonly property int rows: Math.max(1, Math.ceil(root.choices.length / root.most))
    readonly property real cellHeight: Math.min(520, root.cellWidth * 1.6, (root.height - (root.rows - 1) * Sizes.gap) / root.rows)
    readonly property real cellWidth: (root.width - (root.columns - 1) * Sizes.gap) / root.columns

    Repeater {
        model: root.choices.length

        Pressable {
            id: cell

            required property int index
            readonly property var choice: root.choices[cell.index] ?? ({})

            height: root.cellHeight
            objectName: "option:" + (cell.choice.id ?? "")
            radius: Sizes.radiusCard
            text: cell.choice.title ?? ""
            width: Math.min(root.cellWidth, root.cellHeight)
            x: (cell.index % root.columns) * (root.cellWidth + Sizes.gap) + (root.cellWidth - width) / 2
            y: Math.floor(cell.index / root.columns) * (root.cellHeight + Sizes.gap)

            background: Rectangle {
                border.color: cell.pressed ? Theme.primary : Theme.line
                border.width: cell.pressed ? 5 : Theme.elder ? 3 : 2
                color: cell.pressed ? Theme.primaryTint : Theme.surface
                radius: cell.radius
            }
            contentItem: Item {
                Image {
                    anchors.bottom: number.top
                    anchors.bottomMargin: 8
                    anchors.left: parent.left
                    anchors.leftMargin: 14
                    anchors.right: parent.right
                    anchors.rightMargin: 14
                    anchors.top: parent.top
                    anchors.topMargin: 16
                    cache: false
                    fillMode: Image.PreserveAspectFit
                    source: cell.choice.icon ? "image://paper/" + cell.choice.icon : ""
                    sourceSize: Qt.size(root.cellWidth, root.cellHeight)
                }
                Txt {
                    id: number

                    anchors.bottom: parent.bottom
                    anchors.bottomMargin: 12
                    anchors.horizontalCenter: parent.horizontalCenter
                    font.pixelSize: Sizes.note
                    strong: true
                    text: cell.text
                    wrapMode: Text.NoWrap
                }
            }

            onClicked: Flow.choose(cell.choice.id)
        }
    }
}
