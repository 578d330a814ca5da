import QtQuick
import Kiosk

// The red seal on a finished piece of work; falls once. Four characters stand as a square, two words below each other.
Item {
    id: root

    readonly property bool square: root.text.length === 4 && !/[A-Za-z]/.test(root.text)
    property string text
    property real size: 268

    implicitHeight: root.size
    implicitWidth: root.size

    Item {
        id: stamp

        height: 300
        rotation: -9
        scale: root.size / 300
        width: 300
        x: (root.size - 300) / 2
        y: (root.size - 300) / 2

        Rectangle {
            anchors.fill: parent
            anchors.margins: 14
            color: Theme.seal
            radius: 26
        }
        Rectangle {
            anchors.fill: parent
            anchors.margins: 27
            border.color: Theme.onSeal
            border.width: 6
            color: "transparent"
            radius: 18
        }
        Text {
            readonly property int drawn: fontInfo.pixelSize // smaller than what was asked for, where it is made to fit

            anchors.centerIn: parent
            anchors.verticalCenterOffset: -4
            color: Theme.onSeal
            font.family: Theme.titleFont
            font.letterSpacing: root.square ? 2 : 0
            font.pixelSize: root.square ? 98 : 84
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            height: width
            horizontalAlignment: Text.AlignHCenter
            lineHeight: root.square ? 104 : 0.9
            lineHeightMode: root.square ? Text.FixedHeight : Text.ProportionalHeight
            minimumPixelSize: 30
            text: root.square ? root.text.slice(0, 2) + "\n" + root.text.slice(2) : root.text.replace(" ", "\n")
            textFormat: Text.PlainText
            verticalAlignment: Text.AlignVCenter
            width: 216
        }
        Image {
            anchors.fill: parent
            source: "image://svg/art/stamp-wear"
            sourceSize: Qt.size(300, 300)
        }
    }
    ParallelAnimation {
        running: Theme.motion

        NumberAnimation {
            duration: Sizes.stampMs
            easing.type: Easing.InQuad
            from: root.size / 300 * 1.6
            property: "scale"
            target: stamp
            to: root.size / 300
        }
        NumberAnimation {
            duration: Sizes.stampMs
            from: 0
            property: "opacity"
            target: stamp
            to: 1
        }
    }
}
