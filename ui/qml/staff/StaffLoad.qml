pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Which invoices were put into which unit.
GridLayout {
    id: root

    readonly property var entries: root.page.entries ?? []
    readonly property var page: Staff.page
    readonly property var units: root.page.units ?? []

    columnSpacing: 40
    columns: Theme.landscape ? 2 : 1
    rowSpacing: 28

    ColumnLayout {
        Layout.alignment: Qt.AlignTop
        Layout.fillWidth: true
        Layout.preferredWidth: 60
        spacing: 24

        RowLayout {
            Layout.fillWidth: true
            spacing: 20

            Repeater {
                model: root.units.length

                SecondButton {
                    id: unit

                    required property int index
                    readonly property var key: root.units[unit.index] ?? ({})

                    Layout.fillWidth: true
                    blue: unit.key.value === root.page.unit
                    iconName: unit.key.icon ?? ""
                    objectName: "unit:" + (unit.key.value ?? "")
                    text: unit.key.title ?? ""

                    onClicked: Staff.act(unit.key.action, unit.key.value)
                }
            }
        }
        Repeater {
            model: root.entries.length

            ColumnLayout {
                id: row

                required property int index
                readonly property var entry: root.entries[row.index] ?? ({})

                Layout.fillWidth: true
                spacing: 6

                Txt {
                    Layout.fillWidth: true
                    color: Theme.inkMuted
                    font.pixelSize: 28
                    leading: 1.3
                    text: row.entry.label ?? ""
                }
                Pressable {
                    Layout.fillWidth: true
                    implicitHeight: 96
                    objectName: "entry:" + (row.entry.id ?? "")
                    text: row.entry.label ?? ""

                    background: Rectangle {
                        border.color: row.entry.error ? Theme.danger : row.entry.focused ? Theme.primary : Theme.outline
                        border.width: row.entry.focused ? 4 : 2
                        color: Theme.writable
                        radius: Sizes.radiusButton
                    }
                    contentItem: Item {
                        Txt {
                            anchors.left: parent.left
                            anchors.leftMargin: 24
                            anchors.verticalCenter: parent.verticalCenter
                            font.letterSpacing: 3
                            font.pixelSize: 42
                            leading: 1.2
                            strong: true
                            text: row.entry.value ?? ""
                            wrapMode: Text.NoWrap
                        }
                    }

                    onClicked: Staff.act("focus", row.entry.id)
                }
                Tone {
                    Layout.fillWidth: true
                    text: row.entry.error ?? ""
                    tone: "bad"
                    visible: text !== ""
                }
                Txt {
                    Layout.fillWidth: true
                    font.pixelSize: 26
                    leading: 1.3
                    text: row.entry.hint ?? ""
                    visible: text !== ""
                }
            }
        }
    }
    GridLayout {
        Layout.alignment: Qt.AlignTop
        Layout.fillWidth: true
        Layout.preferredWidth: 40
        columnSpacing: 16
        columns: 3
        rowSpacing: 16

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back"]

            Key {
                required property string modelData

                Layout.fillWidth: true
                Layout.preferredHeight: Sizes.targetKey
                Layout.preferredWidth: 100
                code: modelData
                enabled: !root.page.busy

                onClicked: Staff.act("type", modelData)
            }
        }
    }
}
