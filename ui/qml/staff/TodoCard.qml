import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The one thing to do first, with the key that begins it.
Rectangle {
    id: root

    readonly property bool calm: (root.todo?.tone ?? "ok") === "ok"
    readonly property color edge: root.calm ? Theme.success : Theme.warning
    property var todo: null

    border.color: root.edge
    border.width: 2
    color: root.calm ? Theme.successTint : Theme.warningTint
    implicitHeight: row.implicitHeight + 44
    radius: Sizes.radiusButton

    GridLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: 36
        anchors.right: parent.right
        anchors.rightMargin: 36
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: 28
        columns: Theme.landscape ? 3 : 2
        rowSpacing: 16

        Icon {
            accent: root.edge
            color: root.edge
            name: root.calm ? "check" : "warn"
            size: 72
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4

            Title {
                Layout.fillWidth: true
                largest: 38
                smallest: 30
                text: root.todo?.title ?? ""
            }
            Txt {
                Layout.fillWidth: true
                font.pixelSize: 28
                leading: 1.35
                text: root.todo?.text ?? ""
                visible: text !== ""
            }
        }
        MainButton {
            readonly property var key: root.todo?.key ?? null

            Layout.columnSpan: Theme.landscape ? 1 : 2
            Layout.fillWidth: !Theme.landscape
            arrow: false
            enabled: !Staff.page.busy
            fontSize: 32
            iconName: key?.icon ?? ""
            implicitHeight: 96
            objectName: "staff:first"
            text: key?.title ?? ""
            visible: key !== null

            onClicked: Staff.act(key.action, key.value)
        }
    }
}
