pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Shapes
import Kiosk

// Invoices one by one: done, reading, waiting, rejected; the last four digits and a word below each.
Card {
    id: root

    readonly property int first: {
        const now = root.sheets.findIndex(sheet => sheet.state === "reading" || sheet.state === "waiting");
        const middle = now < 0 ? root.sheets.length - 1 : now;
        return Math.max(0, Math.min(middle - Math.floor(root.room / 2), root.sheets.length - root.room));
    }
    readonly property int room: Math.max(1, Math.min(root.sheets.length, Math.floor((root.width - 56) / (Theme.elder ? 180 : 172))))
    property var sheets: []

    implicitHeight: row.implicitHeight + 72

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Math.min(60, Math.max(16, (root.width - 72 - root.room * (Theme.elder ? 164 : 140)) / Math.max(1, root.room)))

        Repeater {
            model: root.room

            Column {
                id: cell

                required property int index
                readonly property bool done: cell.sheet.state === "done"
                readonly property bool reading: cell.sheet.state === "reading"
                readonly property bool rejected: cell.sheet.state === "rejected"
                readonly property var sheet: root.sheets[root.first + cell.index] ?? ({
                        "label": "",
                        "state": "waiting",
                        "text": ""
                    })
                readonly property bool waiting: cell.sheet.state === "waiting"

                spacing: 4
                width: Theme.elder ? 164 : 140

                Item {
                    anchors.horizontalCenter: parent.horizontalCenter
                    height: 176
                    width: 132

                    Shape {
                        anchors.fill: parent
                        preferredRendererType: Shape.CurveRenderer

                        ShapePath {
                            dashPattern: [2, 2.25]
                            fillColor: cell.waiting ? "transparent" : Theme.surface
                            joinStyle: ShapePath.MiterJoin
                            strokeColor: cell.waiting ? Theme.outline : cell.rejected ? Theme.danger : Theme.primary
                            strokeStyle: cell.waiting ? ShapePath.DashLine : ShapePath.SolidLine
                            strokeWidth: 4

                            PathRectangle {
                                height: 168
                                width: 124
                                x: 4
                                y: 4
                            }
                        }
                        ShapePath {
                            fillColor: "transparent"
                            strokeColor: cell.waiting ? "transparent" : Theme.seal
                            strokeWidth: 4

                            PathAngleArc {
                                centerX: 66
                                centerY: 32
                                radiusX: 22
                                radiusY: 12
                                startAngle: 0
                                sweepAngle: 360
                            }
                        }
                        ShapePath {
                            capStyle: ShapePath.RoundCap
                            fillColor: "transparent"
                            strokeColor: cell.waiting ? "transparent" : Theme.primary
                            strokeWidth: 4

                            PathPolyline {
                                path: [Qt.point(24, 58), Qt.point(108, 58)]
                            }
                            PathMove {
                                x: 24
                                y: 78
                            }
                            PathLine {
                                x: 108
                                y: 78
                            }
                            PathMove {
                                x: 24
                                y: 98
                            }
                            PathLine {
                                x: 74
                                y: 98
                            }
                        }
                    }
                    Rectangle {
                        color: Qt.alpha(Theme.warning, 0.35)
                        height: 58
                        visible: cell.reading
                        width: 120
                        x: 6
                        y: 112
                    }
                    Rectangle {
                        color: Theme.ink
                        height: 5
                        visible: cell.reading
                        width: 124
                        x: 4
                        y: 110
                    }
                    Rectangle {
                        color: cell.rejected ? Theme.danger : Theme.success
                        height: 48
                        radius: 24
                        visible: cell.done || cell.rejected
                        width: 48
                        x: 76
                        y: 118

                        Icon {
                            anchors.centerIn: parent
                            color: Theme.onSuccess
                            name: cell.rejected ? "x" : "check"
                            size: 30
                            stroke: 7
                        }
                    }
                    Txt {
                        anchors.centerIn: parent
                        color: Theme.inkMuted
                        font.pixelSize: 48
                        leading: 1.2
                        strong: true
                        text: cell.waiting ? cell.sheet.label : ""
                        wrapMode: Text.NoWrap
                    }
                }
                Item {
                    height: 8
                    width: 1
                }
                Txt {
                    anchors.horizontalCenter: parent.horizontalCenter
                    font.pixelSize: Theme.elder ? 36 : 30
                    leading: 1.3
                    strong: true
                    text: cell.waiting ? "" : cell.sheet.label
                    visible: text !== ""
                    wrapMode: Text.NoWrap
                }
                Txt {
                    anchors.horizontalCenter: parent.horizontalCenter
                    color: cell.done ? Theme.success : cell.rejected ? Theme.danger : cell.reading ? Theme.primary : Theme.inkMuted
                    font.pixelSize: Theme.elder ? 32 : 26
                    horizontalAlignment: Text.AlignHCenter
                    leading: 1.3
                    strong: cell.reading
                    text: cell.sheet.text
                    width: cell.width
                }
            }
        }
    }
}
