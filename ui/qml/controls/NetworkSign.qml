import QtQuick
import QtQuick.Layouts
import Kiosk

// Online: a green dot. Offline: an amber diamond. Always with its word; on a plate where it lies on a picture.
Rectangle {
    id: root

    readonly property bool online: Flow.frame.online
    property bool plate: false

    color: root.plate ? Theme.surface : "transparent"
    implicitHeight: sign.implicitHeight + (root.plate ? 16 : 0)
    implicitWidth: sign.implicitWidth + (root.plate ? 32 : 0)
    radius: Sizes.radiusSmall

    RowLayout {
        id: sign

        anchors.centerIn: parent
        spacing: 10

        Rectangle {
            color: root.online ? Theme.success : Theme.warningInk
            implicitHeight: 14
            implicitWidth: 14
            radius: root.online ? 7 : 2
            rotation: root.online ? 0 : 45
        }
        Txt {
            color: root.online ? Theme.inkMuted : Theme.warningInk
            font.pixelSize: Sizes.smallest
            leading: 1.25
            strong: !root.online
            text: Flow.frame.networkText
            wrapMode: Text.NoWrap
        }
    }
}
