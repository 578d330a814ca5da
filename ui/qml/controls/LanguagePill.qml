import QtQuick
import Kiosk

// The next language by its own name.
Pill {
    iconName: "globe"
    objectName: "language:" + Words.other.tag
    text: Words.other.name

    onClicked: Flow.language(Words.other.tag)
}
