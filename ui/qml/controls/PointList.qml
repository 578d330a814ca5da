pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// A few things to know: icon, bold line, a plain line under it.
ColumnLayout {
    id: root

    property bool boxed: true
    property var points: []

    spacing: root.boxed ? 0 : 0

    Repeater {
        model: root.points.length

        Item {
            id: entry

            required property int index
            readonly property bool first: entry.index === 0
            readonly property bool last: entry.index === root.points.length - 1
            readonly property var point: root.points[entry.index] ?? ({})

            Layout.fillWidth: true
            implicitHeight: row.implicitHeight + (root.boxed ? 56 : Theme.landscape ? 26 : 38)

            Item {
                anchors.fill: parent
                clip: true
                visible: root.boxed

                Card {
                    height: parent.height + (entry.first ? 0 : 60) + (entry.last ? 0 : 60)
                    width: parent.width
                    y: entry.first ? 0 : -60
                }
            }
            Rectangle {
                color: Theme.line
                height: 2
                visible: root.boxed ? !entry.first : true
                width: parent.width - (root.boxed ? 2 * Sizes.cardPadding : 0)
                x: root.boxed ? Sizes.cardPadding : 0
            }
            RowLayout {
                id: row

                anchors.left: parent.left
                anchors.leftMargin: root.boxed ? Sizes.cardPadding : 0
                anchors.right: parent.right
                anchors.rightMargin: root.boxed ? Sizes.cardPadding : 0
                anchors.verticalCenter: parent.verticalCenter
                spacing: root.boxed ? 32 : 26

                Icon {
                    name: entry.point.icon ?? ""
                    size: root.boxed ? 64 : Theme.elder ? 68 : 52
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Txt {
                        Layout.fillWidth: true
                        font.pixelSize: Theme.elder ? Sizes.body : 32
                        leading: 1.4
                        strong: (entry.point.note ?? "") !== "" || !root.boxed
                        text: entry.point.title ?? ""
                    }
                    Txt {
                        Layout.fillWidth: true
                        color: Theme.inkMuted
                        font.pixelSize: Theme.elder ? Sizes.note : 28
                        leading: 1.4
                        text: entry.point.note ?? ""
                        visible: text !== ""
                    }
                }
            }
        }
    }
}
