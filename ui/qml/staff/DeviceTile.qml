import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One device: picture, name, state; a coloured edge when it is not well.
Rectangle {
    id: root

    property var tile: ({})

    border.color: root.tile.tone === "bad" ? Theme.danger : root.tile.tone === "low" ? Theme.warning : root.tile.tone === "unknown" ? Theme.outline : Theme.line
    border.width: root.tile.tone === "ok" ? 2 : 3
    color: Theme.surface
    implicitHeight: Math.max(Theme.landscape ? 112 : 128, row.implicitHeight + 28)
    radius: Sizes.radiusButton

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: Theme.landscape ? 26 : 16
        anchors.right: parent.right
        anchors.rightMargin: Theme.landscape ? 18 : 10
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.landscape ? 22 : 14

        Icon {
            accent: Theme.warning
            color: Theme.ink
            name: root.tile.icon ?? ""
            size: Theme.landscape ? 56 : 44
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Txt {
                Layout.fillWidth: true
                font.pixelSize: Theme.landscape ? 28 : 24
                leading: 1.25
                strong: true
                text: root.tile.name ?? ""
            }
            Tone {
                Layout.fillWidth: true
                fontSize: Theme.landscape ? 26 : 24
                text: root.tile.text ?? ""
                tone: root.tile.tone ?? "unknown"
            }
        }
    }
}
