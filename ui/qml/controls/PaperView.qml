import QtQuick
import QtQuick.Shapes
import Kiosk

// The frame a page goes into: empty with its corners marked, the live picture, or the page as it was seen.
Item {
    id: root

    property bool live: false
    property string picture
    readonly property bool empty: root.picture === "" && !(root.live && Flow.preview > 0)
    readonly property real corner: 56

    Rectangle {
        anchors.fill: parent
        border.color: Theme.line
        border.width: 2
        color: Theme.readOnly
        radius: Sizes.radiusButton
    }
    Icon {
        anchors.centerIn: parent
        color: Theme.primary
        name: root.empty ? "paper" : ""
        size: Math.min(root.width, root.height) * 0.34
        stroke: 1.6
    }
    Image {
        anchors.fill: parent
        anchors.margins: 12
        cache: false
        fillMode: Image.PreserveAspectFit
        objectName: "preview"
        source: root.picture === "" && root.live && Flow.preview > 0 ? "image://camera/preview?" + Flow.preview : ""
        visible: status === Image.Ready
    }
    Image {
        anchors.fill: parent
        anchors.margins: 12
        cache: false
        fillMode: Image.PreserveAspectFit
        objectName: "paper"
        source: root.picture === "" ? "" : "image://paper/" + root.picture
        sourceSize: Qt.size(root.width - 24, root.height - 24)
        visible: status === Image.Ready
    }
    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer
        visible: root.picture === ""

        ShapePath {
            capStyle: ShapePath.RoundCap
            fillColor: "transparent"
            joinStyle: ShapePath.RoundJoin
            strokeColor: Theme.primary
            strokeWidth: 6

            PathMultiline {
                paths: {
                    const m = 24, c = root.corner, w = root.width, h = root.height;
                    return [[Qt.point(m, m + c), Qt.point(m, m), Qt.point(m + c, m)], [Qt.point(w - m - c, m), Qt.point(w - m, m), Qt.point(w - m, m + c)], [Qt.point(w - m, h - m - c), Qt.point(w - m, h - m), Qt.point(w - m - c, h - m)], [Qt.point(m + c, h - m), Qt.point(m, h - m), Qt.point(m, h - m - c)]];
                }
            }
        }
    }
}
