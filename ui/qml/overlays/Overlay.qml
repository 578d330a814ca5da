import QtQuick
import Kiosk
import "../controls"

// A question over the page: the page stays where it is and cannot be touched.
Item {
    id: root

    default property alias inner: content.data
    property string name

    signal pressedBeside
    property real contentHeight: 0

    Accessible.role: Accessible.Dialog
    anchors.fill: parent
    objectName: "overlay:" + root.name

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim
    }
    MouseArea {
        anchors.fill: parent

        onPressed: root.pressedBeside()
    }
    Card {
        anchors.centerIn: parent
        border.width: 0
        height: root.contentHeight + 112
        radius: 32
        width: Math.min(parent.width - 2 * Sizes.margin, Theme.landscape ? 1120 : 984)

        Item {
            id: content

            anchors.fill: parent
            anchors.margins: 56
        }
    }
}
