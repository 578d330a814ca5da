import QtQuick
import QtQuick.Shapes
import Kiosk

// How much time is left: a ring, the time in figures, a word below.
Item {
    id: root

    property real share: 1
    property real size: 176
    property string time
    property string unit
    property real thickness: 16

    implicitHeight: root.size
    implicitWidth: root.size

    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            fillColor: "transparent"
            strokeColor: Theme.line
            strokeWidth: root.thickness

            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size / 2
                radiusX: root.size / 2 - root.thickness
                radiusY: radiusX
                startAngle: 0
                sweepAngle: 360
            }
        }
        ShapePath {
            capStyle: ShapePath.RoundCap
            fillColor: "transparent"
            strokeColor: Theme.primary
            strokeWidth: root.thickness

            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size / 2
                radiusX: root.size / 2 - root.thickness
                radiusY: radiusX
                startAngle: -90
                sweepAngle: Math.max(0.1, 360 * Math.min(1, root.share))
            }
        }
    }
    Column {
        anchors.centerIn: parent
        spacing: 2

        Txt {
            anchors.horizontalCenter: parent.horizontalCenter
            font.pixelSize: Math.round(root.size * 0.25)
            leading: 1.1
            strong: true
            text: root.time
            wrapMode: Text.NoWrap
        }
        Txt {
            anchors.horizontalCenter: parent.horizontalCenter
            color: Theme.inkMuted
            font.pixelSize: Sizes.smallest
            leading: 1.15
            text: root.unit
            visible: root.unit !== ""
            wrapMode: Text.NoWrap
        }
    }
}
