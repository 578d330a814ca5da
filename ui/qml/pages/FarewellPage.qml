pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Take your things; your data has been wiped.
PageBase {
    id: root

    RowLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.landscape ? -20 : -100
        spacing: Sizes.gap
        uniformCellSizes: true

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
                        font.pixelSize: Theme.elder ? 44 : 38
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
