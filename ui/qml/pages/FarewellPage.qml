pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Take your things; your data has been wiped.
PageBase {
    id: root

    GridLayout {
        id: things

        // What the longest word takes: cards that would break it stand in two rows.
        readonly property real longest: metrics.font.pixelSize > 0 ? root.page.take.reduce((most, thing) => thing.title.split(" ").reduce((wide, word) => Math.max(wide, metrics.advanceWidth(word)), most), 0) : 0
        readonly property int fitting: Math.floor((things.width + Sizes.gap) / (Math.ceil(things.longest) + 24 + Sizes.gap))

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.landscape ? -20 : -100
        columnSpacing: Sizes.gap
        columns: things.fitting < root.page.take.length ? Math.ceil(root.page.take.length / 2) : Math.max(1, root.page.take.length)
        rowSpacing: Sizes.gap
        uniformCellHeights: true
        uniformCellWidths: true

        FontMetrics {
            id: metrics

            font.bold: true
            font.family: Theme.bodyFont
            font.pixelSize: Theme.elder ? 44 : 38
        }
        Repeater {
            model: root.page.take.length

            Card {
                id: thing

                required property int index
                readonly property var choice: root.page.take[thing.index] ?? ({})

                Layout.fillWidth: true
                Layout.preferredWidth: 100
                border.color: Theme.warning
                color: Theme.warningTint
                implicitHeight: inner.implicitHeight + 96

                ColumnLayout {
                    id: inner

                    anchors.left: parent.left
                    anchors.margins: 12
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 28

                    Icon {
                        Layout.alignment: Qt.AlignHCenter
                        color: Theme.ink
                        name: thing.choice.icon ?? ""
                        size: Theme.elder ? 150 : 132
                        stroke: 2.2
                    }
                    Txt {
                        Layout.fillWidth: true
                        font.pixelSize: metrics.font.pixelSize
                        horizontalAlignment: Text.AlignHCenter
                        leading: 1.3
                        strong: true
                        text: thing.choice.title ?? ""
                    }
                }
            }
        }
    }
}
