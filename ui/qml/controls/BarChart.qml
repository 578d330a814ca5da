pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// Bars over months: ink blue, the highest in seal red with its figure.
Item {
    id: root

    property var axis: []
    property var bars: []
    property int fontSize: 24
    readonly property real start: root.axis.length ? 68 : 0
    readonly property real floorY: root.height - root.fontSize * 1.6
    readonly property real rise: root.floorY - root.fontSize * 1.5
    readonly property real step: (root.width - root.start) / Math.max(1, root.bars.length)

    implicitHeight: 250

    Repeater {
        model: Math.max(1, root.axis.length)

        Item {
            id: line

            required property int index
            readonly property var mark: root.axis[line.index] ?? [0, ""]

            width: root.width
            y: root.floorY - root.rise * line.mark[0]

            Rectangle {
                color: Theme.line
                height: 2
                width: root.width - root.start
                x: root.start
            }
            Txt {
                anchors.right: parent.left
                anchors.rightMargin: 12 - root.start
                anchors.verticalCenter: parent.top
                color: Theme.inkMuted
                font.pixelSize: Math.max(22, root.fontSize - 2)
                leading: 1.1
                text: line.mark[1]
                wrapMode: Text.NoWrap
            }
        }
    }
    Repeater {
        model: root.bars.length

        Item {
            id: entry

            required property int index
            readonly property var bar: root.bars[entry.index] ?? ({
                    "highest": false,
                    "label": "",
                    "share": 0,
                    "value": ""
                })

            height: root.height
            width: root.step
            x: root.start + entry.index * root.step

            Rectangle {
                id: column

                anchors.horizontalCenter: parent.horizontalCenter
                color: entry.bar.highest ? Theme.seal : Theme.primary
                height: Math.max(4, root.rise * entry.bar.share)
                radius: 5
                width: Math.min(44, root.step * 0.62)
                y: root.floorY - height
            }
            Txt {
                anchors.bottom: column.top
                anchors.bottomMargin: 2
                anchors.horizontalCenter: parent.horizontalCenter
                color: Theme.seal
                font.pixelSize: root.fontSize
                leading: 1.25
                strong: true
                text: entry.bar.highest ? entry.bar.value : ""
                visible: text !== ""
                wrapMode: Text.NoWrap
            }
            Txt {
                anchors.horizontalCenter: parent.horizontalCenter
                font.pixelSize: root.fontSize
                leading: 1.3
                text: entry.bar.label
                wrapMode: Text.NoWrap
                y: root.floorY + 4
            }
        }
    }
}
