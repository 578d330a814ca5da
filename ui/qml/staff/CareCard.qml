pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One part or task: how much of its measure is used up, when it was last done, and the key that records it.
Rectangle {
    id: root

    property var care: ({})
    readonly property color ink: root.care.tone === "ok" ? Theme.success : root.care.tone === "low" ? Theme.warning : Theme.danger

    border.color: root.care.tone === "bad" ? Theme.danger : root.care.tone === "low" ? Theme.warning : Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: inner.implicitHeight + 32
    radius: Sizes.radiusButton

    RowLayout {
        id: inner

        anchors.left: parent.left
        anchors.margins: 26
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 24

        Icon {
            accent: Theme.warning
            color: Theme.ink
            name: root.care.icon ?? ""
            size: 52
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            GridLayout {
                Layout.fillWidth: true
                columnSpacing: 24
                columns: Theme.landscape ? 2 : 1
                rowSpacing: 2

                Txt {
                    Layout.fillWidth: true
                    Layout.maximumWidth: Theme.landscape ? Math.ceil(implicitWidth) : -1
                    font.pixelSize: 30
                    leading: 1.25
                    strong: true
                    text: root.care.what ?? ""
                }
                Txt {
                    Layout.fillWidth: true
                    color: Theme.inkMuted
                    font.pixelSize: 26
                    leading: 1.25
                    text: root.care.device ?? ""
                }
            }
            Tone {
                Layout.fillWidth: true
                fontSize: 26
                text: root.care.state ?? ""
                tone: root.care.tone ?? "unknown"
            }
            Rectangle {
                Layout.fillWidth: true
                color: Theme.sunk
                implicitHeight: 10
                radius: 5

                Rectangle {
                    color: root.ink
                    height: parent.height
                    radius: 5
                    width: parent.width * Math.max(0, Math.min(1, root.care.share ?? 0))
                }
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 24
                leading: 1.3
                text: root.care.measure ?? ""
            }
        }
        GridLayout {
            // A second key comes where the first was not: a finger that touches twice takes its touch back.
            Layout.alignment: Theme.landscape ? Qt.AlignVCenter : Qt.AlignBottom
            Layout.fillWidth: false
            columnSpacing: 16
            columns: Theme.landscape ? 2 : 1
            rowSpacing: 12

            Repeater {
                model: (root.care.keys ?? []).length

                StaffKey {
                    required property int index

                    Layout.preferredWidth: Theme.landscape ? 320 : 310
                    enabled: !Staff.page.busy
                    key: root.care.keys[index] ?? ({})
                }
            }
        }
    }
}
