import QtQuick
import Kiosk

// The ring of one that may be chosen, the square of several; ticked when it is.
Rectangle {
    id: root

    property bool checked: false
    property bool closed: false
    property bool many: false

    border.color: root.checked ? Theme.primary : root.closed ? Theme.line : Theme.outline
    border.width: 4
    color: root.checked ? Theme.primary : root.closed ? "transparent" : Theme.surface
    implicitHeight: 52
    implicitWidth: 52
    radius: root.many ? 12 : 26

    Icon {
        anchors.centerIn: parent
        color: Theme.onPrimary
        name: root.checked ? "check" : ""
        size: 30
        stroke: 6
    }
}
