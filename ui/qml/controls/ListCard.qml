pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// One row of a list: heading and figure, tags, lines of label and value; with a ring or square where it can be chosen.
Pressable {
    id: root

    property string pick: "none"
    property string iconName
    property var row: ({})
    readonly property bool closed: !(root.row.enabled ?? true)
    readonly property bool picks: root.pick !== "none"
    readonly property var lines: root.row.lines ?? []
    readonly property var tags: root.row.tags ?? []

    Accessible.description: root.row.reason ?? ""
    Accessible.role: !root.picks ? Accessible.StaticText : root.pick === "many" ? Accessible.CheckBox : Accessible.RadioButton
    bottomPadding: 22
    enabled: root.picks && !root.closed
    focusPolicy: root.picks ? Qt.TabFocus : Qt.NoFocus
    implicitHeight: Math.max(Sizes.targetMinimum, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: 32
    objectName: "option:" + (root.row.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: 32
    text: root.row.title ?? ""
    topPadding: 22

    background: Rectangle {
        border.color: root.checked ? Theme.primary : Theme.line
        border.width: root.checked ? 5 : Theme.elder ? 3 : 2
        color: root.checked || root.pressed ? Theme.primaryTint : root.picks && root.closed ? Theme.readOnly : Theme.surface
        radius: root.radius
    }
    contentItem: RowLayout {
        spacing: 28

        PickMark {
            checked: root.checked
            closed: root.closed
            many: root.pick === "many"
            visible: root.picks
        }
        Icon {
            Layout.alignment: Qt.AlignTop
            name: root.picks ? "" : root.iconName
            size: Theme.elder ? 64 : 52
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 8

            GridLayout {
                Layout.fillWidth: true
                columnSpacing: 20
                columns: title.implicitWidth + amount.implicitWidth + 20 > parent.width ? 1 : 2
                rowSpacing: 0

                Txt {
                    id: title

                    Layout.fillWidth: true
                    color: root.picks && root.closed ? Theme.inkMuted : Theme.ink
                    font.pixelSize: Theme.elder ? 42 : 34
                    leading: 1.35
                    strong: true
                    text: root.text
                }
                Txt {
                    id: amount

                    Layout.alignment: Qt.AlignRight
                    color: root.picks && root.closed ? Theme.inkMuted : Theme.ink
                    font.letterSpacing: 0.5
                    font.pixelSize: Theme.elder ? 42 : 36
                    leading: 1.35
                    strong: true
                    text: root.row.amount ?? ""
                    visible: text !== ""
                    wrapMode: Text.NoWrap
                }
            }
            TagLine {
                Layout.fillWidth: true
                onTint: root.checked
                tags: root.tags
                tones: root.row.tagTones ?? []
                visible: root.tags.length > 0
            }
            GridLayout {
                Layout.fillWidth: true
                columnSpacing: 32
                columns: Theme.elder || !Theme.landscape ? 1 : 2
                rowSpacing: 4
                visible: root.lines.length > 0

                Repeater {
                    model: root.lines.length

                    RowLayout {
                        id: line

                        required property int index

                        Layout.fillWidth: true
                        Layout.preferredWidth: 100
                        spacing: 16

                        Txt {
                            color: Theme.inkMuted
                            font.pixelSize: Theme.elder ? Sizes.note : 28
                            leading: 1.35
                            text: root.lines[line.index]?.[0] ?? ""
                            wrapMode: Text.NoWrap
                        }
                        Txt {
                            Layout.fillWidth: true
                            font.pixelSize: Theme.elder ? Sizes.note : 28
                            leading: 1.35
                            text: root.lines[line.index]?.[1] ?? ""
                        }
                    }
                }
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.warningInk
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.35
                strong: true
                text: root.row.reason ?? ""
                visible: text !== ""
            }
        }
    }
}
