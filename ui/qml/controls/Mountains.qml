import QtQuick
import Kiosk

// Ink mountains and the cloud river: arriving and leaving. Mist drifts over them where a graphics chip draws.
Item {
    id: root

    property string name
    property real natural: 1
    property real shift: 0

    clip: true
    visible: !Theme.contrast

    Art {
        id: art

        height: width / root.natural
        name: root.name
        width: root.width
        y: root.shift
    }
    Art {
        id: mist

        readonly property bool drifts: Theme.motion && GraphicsInfo.api !== GraphicsInfo.Software && (root.name === "mountains-portrait" || root.name === "mountains-wide")

        name: mist.drifts ? "mist" : ""
        opacity: 0.7
        visible: mist.drifts
        width: root.width * 1.3
        y: art.y + art.height * 0.55

        NumberAnimation on x {
            duration: Sizes.mistMs
            from: -root.width * 1.3
            loops: Animation.Infinite
            running: mist.drifts
            to: root.width
        }
    }
}
