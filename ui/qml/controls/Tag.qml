import QtQuick
import Kiosk

// A word about a thing: its role (blue), what is due (amber), what is done (green).
Rectangle {
    id: root

    property bool onTint: false
    property string text
    property string tone: "plain"

    color: root.tone === "due" ? Theme.warningTint : root.tone === "done" ? Theme.successTint : root.onTint ? Theme.surface : Theme.primaryTint
    implicitHeight: Math.round(label.font.pixelSize * 1.67)
    implicitWidth: label.implicitWidth + 28
    radius: Sizes.radiusTag

    Txt {
        id: label

        anchors.centerIn: parent
        color: root.tone === "due" ? Theme.warningInk : root.tone === "done" ? Theme.success : Theme.primary
        font.pixelSize: Sizes.smallest
        leading: 1.3
        text: root.text
        wrapMode: Text.NoWrap
    }
}
