import QtQuick
import Kiosk

// One step back; nothing typed is lost.
Pill {
    framed: Theme.elder
    iconName: "back"
    objectName: "back"
    radius: Sizes.radiusButton
    strong: true
    text: Words.t["header.back"]
    visible: Flow.frame.canBack

    onClicked: Flow.back()
}
