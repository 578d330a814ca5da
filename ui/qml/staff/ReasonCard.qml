import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Why, since when, what is out, what to bring, and where to begin.
Rectangle {
    id: root

    property var reason: ({})

    border.color: root.reason.tone === "bad" ? Theme.danger : Theme.warning
    border.width: 2
    color: Theme.surface
    implicitHeight: inner.implicitHeight + 44
    radius: Sizes.radiusButton

    GridLayout {
        id: inner

        anchors.left: parent.left
        anchors.margins: 30
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: 28
        columns: Theme.landscape ? 2 : 1
        rowSpacing: 14

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6

            Tone {
                Layout.fillWidth: true
                fontSize: 34
                text: root.reason.title ?? ""
                tone: root.reason.tone ?? "bad"
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 28
                leading: 1.35
                text: (root.reason.since ?? "") + (root.reason.services ?? "")
                visible: text !== ""
            }
            Txt {
                Layout.fillWidth: true
                font.pixelSize: 28
                leading: 1.35
                strong: true
                text: root.reason.bring ?? ""
                visible: text !== ""
            }
        }
        StaffKey {
            Layout.fillWidth: !Theme.landscape
            enabled: !Staff.page.busy
            key: root.reason.key ?? ({})
            visible: root.reason.key ? true : false
        }
    }
}
