import QtQuick
import QtQuick.Shapes
import Kiosk

// The live picture in a round window, with a ring that shows where the face goes.
Item {
    id: root

    property bool dim: false
    property bool live: false
    property string phase: "looking"
    property real size: 600
    readonly property color ringColour: root.phase === "done" ? Theme.success : root.dim ? Theme.warning : Theme.primary

    implicitHeight: root.size
    implicitWidth: root.size
    width: root.size
    height: root.size

    Rectangle {
        anchors.fill: parent
        color: Theme.primaryTint
        radius: root.size / 2
    }
    Icon {
        anchors.centerIn: parent
        color: Theme.primary
        name: root.live && Flow.preview > 0 ? "" : "face"
        size: root.size * 0.46
        stroke: 1.6
    }
    Image {
        id: picture

        anchors.fill: parent
        cache: false
        fillMode: Image.PreserveAspectCrop
        mirror: true
        objectName: "preview"
        source: root.live && Flow.preview > 0 ? "image://camera/preview?" + Flow.preview : ""
        visible: status === Image.Ready
    }
    // The corners outside the round window, in the card's colour: a mask that every renderer can draw.
    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            fillColor: Theme.surface
            fillRule: ShapePath.OddEvenFill
            strokeWidth: -1

            PathRectangle {
                height: root.size + 2
                width: root.size + 2
                x: -1
                y: -1
            }
            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size / 2
                moveToStart: true
                radiusX: root.size / 2 - 3
                radiusY: radiusX
                startAngle: 0
                sweepAngle: 360
            }
        }
        ShapePath {
            fillColor: "transparent"
            strokeColor: root.ringColour
            strokeWidth: 10

            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size / 2
                radiusX: root.size / 2 - 6
                radiusY: radiusX
                startAngle: 0
                sweepAngle: 360
            }
        }
        ShapePath {
            capStyle: ShapePath.RoundCap
            dashPattern: [3, 3]
            fillColor: "transparent"
            strokeColor: Qt.alpha(Theme.codeGround, root.live ? 0.9 : 0)
            strokeStyle: ShapePath.DashLine
            strokeWidth: 5

            PathAngleArc {
                centerX: root.size / 2
                centerY: root.size * 0.49
                radiusX: root.size * 0.27
                radiusY: root.size * 0.35
                startAngle: 0
                sweepAngle: 360
            }
        }
    }
    Spinner {
        anchors.centerIn: parent
        size: root.size * 0.9
        thickness: 12
        visible: root.phase === "comparing"
    }
}
