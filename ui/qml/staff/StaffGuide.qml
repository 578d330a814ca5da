import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One picture and one sentence; beside or below it the device's state, so that the hands see whether it worked.
GridLayout {
    id: root

    readonly property real natural: 900 / 560
    readonly property var page: Staff.page
    readonly property real pictureWidth: Theme.landscape ? Math.min(root.width * 0.62, root.height * root.natural) : root.width

    function hex(value: color): string {
        return String(value).slice(-6);
    }

    columnSpacing: 48
    columns: Theme.landscape ? 2 : 1
    rowSpacing: 40

    Rectangle {
        Layout.alignment: Theme.landscape ? Qt.AlignVCenter : Qt.AlignTop
        Layout.preferredHeight: root.pictureWidth / root.natural
        Layout.preferredWidth: root.pictureWidth
        border.color: Theme.line
        border.width: 2
        color: Theme.surface
        radius: Sizes.radiusCard

        Image {
            anchors.fill: parent
            anchors.margins: 12
            fillMode: Image.PreserveAspectFit
            source: root.page.picture ? `image://svg/guides/${root.page.picture}?c=${root.hex(Theme.ink)}&a=${root.hex(Theme.warning)}` : ""
            sourceSize: Qt.size(Math.ceil(width * Theme.scale), Math.ceil(width / root.natural * Theme.scale))
        }
    }
    ColumnLayout {
        Layout.alignment: Theme.landscape ? Qt.AlignVCenter : Qt.AlignTop
        Layout.fillWidth: true
        spacing: 32

        Title {
            Layout.fillWidth: true
            horizontalAlignment: Theme.landscape ? Text.AlignLeft : Text.AlignHCenter
            largest: 52
            smallest: 36
            text: root.page.text ?? ""
        }
        RowLayout {
            Layout.alignment: Theme.landscape ? Qt.AlignLeft : Qt.AlignHCenter
            Layout.fillWidth: false
            spacing: 16
            visible: root.page.state ? true : false

            Txt {
                color: Theme.inkMuted
                font.pixelSize: 28
                leading: 1.3
                text: root.page.state?.name ?? ""
                wrapMode: Text.NoWrap
            }
            Tone {
                Layout.fillWidth: false
                fontSize: 28
                text: root.page.state?.text ?? ""
                tone: root.page.state?.tone ?? "unknown"
            }
        }
    }
    Item {
        Layout.fillHeight: true
        visible: !Theme.landscape
    }
}
