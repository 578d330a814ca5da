import QtQuick
import Kiosk

// How far it is.
Rectangle {
    id: root

    property real share: 0

    color: Theme.line
    implicitHeight: 20
    radius: height / 2

    Rectangle {
        color: Theme.primary
        height: parent.height
        radius: height / 2
        width: Math.max(root.share > 0 ? height : 0, parent.width * Math.min(1, root.share))

        Behavior on width {
            enabled: Theme.motion

            NumberAnimation {
                duration: 300
            }
        }
    }
}
