import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One line of the handover, striped so that the eye keeps to it.
Rectangle {
    id: root

    property int index: 0
    property var line: ({})

    border.color: Theme.line
    border.width: 1
    color: root.index % 2 ? Theme.surface : Theme.readOnly
    implicitHeight: inner.implicitHeight + 32

    RowLayout {
        id: inner

        anchors.left: parent.left
        anchors.margins: 28
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 28

        Txt {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: 280
            color: Theme.inkMuted
            font.pixelSize: 30
            leading: 1.35
            text: root.line[0] ?? ""
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: 30
            leading: 1.35
            strong: true
            text: root.line[1] ?? ""
        }
    }
}
