import QtQuick
import Kiosk

// A code to scan: whole-pixel modules, a quiet zone of four of them, the seal in the middle.
Rectangle {
    id: root

    property string error: "H"
    property bool mark: true
    property real size: 700
    property string text

    border.color: Theme.line
    border.width: root.mark ? 2 : 0
    color: Theme.codeGround
    implicitHeight: root.size
    implicitWidth: root.size
    radius: Math.round(root.size * 36 / 700)

    Image {
        anchors.centerIn: parent
        cache: false
        height: root.size
        objectName: "qr"
        smooth: false
        source: root.text ? `image://qr/${root.error}/${encodeURIComponent(root.text)}` : ""
        sourceSize: Qt.size(Math.floor(root.size * Theme.scale), Math.floor(root.size * Theme.scale))
        width: root.size
    }
    Rectangle {
        anchors.centerIn: parent
        color: Theme.codeGround
        height: seal.height + 24
        radius: 20
        visible: root.mark && root.text !== ""
        width: seal.width + 24

        Seal {
            id: seal

            anchors.centerIn: parent
            character: Words.t["header.seal"]
            size: Math.min(100, root.size / 7)
        }
    }
}
