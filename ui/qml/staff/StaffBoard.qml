pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Everything at a glance: the one thing to do first, every device, paper and stock, network and what waits.
ColumnLayout {
    id: root

    readonly property var page: Staff.page

    spacing: 24

    TodoCard {
        Layout.fillWidth: true
        todo: root.page.todo ?? null
        visible: root.page.todo ? true : false
    }
    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: 24
        columns: Theme.landscape ? 2 : 1
        rowSpacing: 24

        GridLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillHeight: Theme.landscape
            Layout.fillWidth: true
            Layout.preferredWidth: 62
            columnSpacing: Theme.landscape ? 20 : 16
            columns: 3
            rowSpacing: Theme.landscape ? 20 : 16
            uniformCellHeights: Theme.landscape
            uniformCellWidths: true

            Repeater {
                model: (root.page.tiles ?? []).length

                DeviceTile {
                    required property int index

                    Layout.fillHeight: Theme.landscape
                    Layout.fillWidth: true
                    tile: root.page.tiles[index] ?? ({})
                }
            }
            Repeater {
                model: (root.page.figures ?? []).length

                FigureCard {
                    required property int index

                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    figure: root.page.figures[index] ?? ({})
                }
            }
        }
        SupplyCard {
            Layout.alignment: Qt.AlignTop
            Layout.fillHeight: Theme.landscape
            Layout.fillWidth: true
            Layout.preferredWidth: 38
            supplies: root.page.supplies ?? []
        }
        Item {
            Layout.fillHeight: true
            visible: !Theme.landscape
        }
    }
}
