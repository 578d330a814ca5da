pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Six digits, shown as dots.
Item {
    id: root

    readonly property var page: Staff.page

    ColumnLayout {
        anchors.centerIn: parent
        spacing: 28
        width: Math.min(parent.width, 640)

        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            spacing: 24

            Repeater {
                model: root.page.length ?? 0

                Rectangle {
                    required property int index
                    readonly property bool filled: index < (root.page.digits ?? 0)

                    border.color: Theme.outline
                    border.width: 3
                    color: filled ? Theme.warning : "transparent"
                    implicitHeight: 40
                    implicitWidth: 40
                    radius: 20
                }
            }
        }
        Item {
            Layout.fillWidth: true
            implicitHeight: Math.max(told.implicitHeight, 40) // the keys stay where they are

            Tone {
                id: told

                anchors.centerIn: parent
                text: root.page.message ?? ""
                tone: root.page.messageTone ?? "ok"
                visible: text !== ""
                width: Math.min(parent.width, implicitWidth)
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 16
            columns: 3
            rowSpacing: 16

            Repeater {
                model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back"]

                Key {
                    required property string modelData

                    Layout.fillWidth: true
                    Layout.preferredHeight: Sizes.targetKey
                    Layout.preferredWidth: 100
                    code: modelData
                    enabled: !root.page.busy && !root.page.locked

                    onClicked: Staff.act("digit", modelData)
                }
            }
        }
    }
}
