pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// What works now, before anybody has spent a minute on it.
Card {
    id: root

    property int columns: 4
    property var marks: []

    implicitHeight: grid.implicitHeight

    GridLayout {
        id: grid

        anchors.fill: parent
        columnSpacing: 0
        columns: root.columns
        rowSpacing: 0
        uniformCellWidths: true

        Repeater {
            model: root.marks.length

            Item {
                id: cell

                required property int index
                readonly property var mark: root.marks[cell.index] ?? ({})
                readonly property bool ok: (cell.mark.enabled ?? true) && !cell.mark.reason

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: 100
                implicitHeight: inner.implicitHeight + 40

                Rectangle {
                    color: Theme.line
                    height: parent.height
                    visible: cell.index % root.columns > 0
                    width: 2
                }
                Rectangle {
                    color: Theme.line
                    height: 2
                    visible: cell.index >= root.columns
                    width: parent.width
                }
                ColumnLayout {
                    id: inner

                    anchors.left: parent.left
                    anchors.margins: 12
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 8

                    Icon {
                        Layout.alignment: Qt.AlignHCenter
                        accent: cell.ok ? Theme.seal : Theme.outline
                        color: cell.ok ? Theme.ink : Theme.outline
                        name: cell.mark.icon ?? ""
                        size: 56
                        stroke: 2.6
                    }
                    Txt {
                        Layout.fillWidth: true
                        font.pixelSize: 28
                        horizontalAlignment: Text.AlignHCenter
                        leading: 1.3
                        strong: true
                        text: cell.mark.title ?? ""
                    }
                    Mark {
                        Layout.alignment: Qt.AlignHCenter
                        Layout.fillWidth: false
                        Layout.maximumWidth: cell.width - 24
                        fontSize: 24
                        ok: cell.ok
                        text: cell.ok ? Words.t["attract.ok"] : cell.mark.reason ?? ""
                    }
                }
            }
        }
    }
}
