import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One picture and one sentence; below it the device's state, so that the hands see whether it worked.
ColumnLayout {
    id: root

    readonly property var page: Staff.page

    function hex(value: color): string {
        return String(value).slice(-6);
    }

    spacing: 24

    Rectangle {
        Layout.fillHeight: true
        Layout.fillWidth: true
        border.color: Theme.line
        border.width: 2
        color: Theme.surface
        radius: Sizes.radiusCard

        Image {
            readonly property real natural: 900 / 560
            readonly property real wanted: Math.min(parent.width - 48, (parent.height - 48) * natural)

            anchors.centerIn: parent
            height: wanted / natural
            source: root.page.picture ? `image://svg/guides/${root.page.picture}?c=${root.hex(Theme.ink)}&a=${root.hex(Theme.warning)}` : ""
            sourceSize: Qt.size(Math.ceil(wanted * Theme.scale), Math.ceil(wanted / natural * Theme.scale))
            width: wanted
        }
    }
    Title {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        largest: 52
        smallest: 36
        text: root.page.text ?? ""
    }
    RowLayout {
        Layout.alignment: Qt.AlignHCenter
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
