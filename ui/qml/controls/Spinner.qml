import QtQuick
import QtQuick.Shapes
import Kiosk

// Something is under way. Stands still where nothing may move; never the only sign, words are beside it.
Item {
    id: root

    property real size: 44
    property real thickness: root.size * 6 / 44

    implicitHeight: root.size
    implicitWidth: root.size

    Shape {
        id: shape

        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            capStyle: ShapePath.RoundCap
            fillColor: "transparent"
            strokeColor: Theme.line
            strokeWidth: root.thickness

            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size / 2
                radiusX: root.size / 2 - root.thickness / 2 - 1
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
                radiusX: root.size / 2 - root.thickness / 2 - 1
                radiusY: radiusX
                startAngle: -90
                sweepAngle: 90
            }
        }
        RotationAnimation on rotation {
            duration: 1200
            from: 0
            loops: Animation.Infinite
            running: root.visible && Theme.motion
            to: 360
        }
    }
}
