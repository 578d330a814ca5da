pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Take your things: amber, so that it is seen.
Rectangle {
    id: root

    property bool tall: false
    property var take: []
    property string title
    // advanceWidth tells nobody that the font has become another; the font itself does.
    readonly property real natural: metrics.font.pixelSize > 0 ? root.take.reduce((sum, item) => sum + metrics.advanceWidth(item.title) + 150, 0) : 0
    readonly property bool beside: !root.tall && root.natural + 250 < root.width - 72
    readonly property string oneLine: root.title.replace("\n", Words.lang.startsWith("zh") ? "" : " ") // broken only where it stands beside the things
    readonly property real smallest: Theme.elder ? 34 : 28

    border.color: Theme.warning
    border.width: 2
    color: Theme.warningTint
    implicitHeight: grid.implicitHeight + 60
    radius: Sizes.radiusCard

    FontMetrics {
        id: metrics

        font.bold: true
        font.family: Theme.bodyFont
        font.pixelSize: Theme.elder ? Sizes.body : 34
    }
    GridLayout {
        id: grid

        anchors.left: parent.left
        anchors.leftMargin: 36
        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: 16
        columns: root.beside ? 2 : 1
        rowSpacing: 16

        Title {
            Layout.fillWidth: !root.beside
            Layout.maximumWidth: root.beside ? 236 : 10000
            Layout.preferredWidth: root.beside ? implicitWidth : 600
            largest: Theme.elder ? Sizes.section : 40
            smallest: Theme.elder ? 40 : 36
            text: root.beside || root.tall ? root.title : root.oneLine
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 0
            columns: root.tall ? 1 : root.take.length
            rowSpacing: 24
            uniformCellWidths: root.tall

            Repeater {
                model: root.take.length

                Item {
                    id: cell

                    required property int index
                    readonly property var thing: root.take[cell.index] ?? ({})

                    Layout.fillWidth: true
                    implicitHeight: inner.implicitHeight
                    implicitWidth: inner.implicitWidth + 30

                    Rectangle {
                        anchors.verticalCenter: parent.verticalCenter
                        color: Qt.darker(Theme.warning, 1.15)
                        height: 72
                        opacity: 0.75
                        visible: !root.tall && (cell.index > 0 || root.beside)
                        width: 2
                    }
                    RowLayout {
                        id: inner

                        anchors.horizontalCenter: root.tall ? undefined : parent.horizontalCenter
                        anchors.verticalCenter: parent.verticalCenter
                        spacing: root.tall ? 28 : 18
                        width: Math.min(parent.width - 20, implicitWidth)

                        Icon {
                            color: Theme.ink
                            name: cell.thing.icon ?? ""
                            size: Theme.elder ? 80 : 72
                        }
                        Txt {
                            Layout.fillWidth: true
                            Layout.maximumWidth: Math.ceil(implicitWidth)
                            font.pixelSize: metrics.font.pixelSize
                            fontSizeMode: Text.HorizontalFit
                            leading: 1.25
                            minimumPixelSize: root.smallest
                            strong: true
                            text: cell.thing.title ?? ""
                            verticalAlignment: Text.AlignVCenter
                            wrapMode: Text.WordWrap
                        }
                    }
                }
            }
        }
    }
}
