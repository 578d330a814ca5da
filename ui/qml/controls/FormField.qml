import QtQuick
import QtQuick.Layouts
import Kiosk

// A row of a form: read-only with its source and a lock, or a white row with a box, or with Yes and No.
CardRow {
    id: root

    property bool compact: false
    property bool focusedRow: false
    property bool ringed: false
    property var row: ({})
    property bool rowLined: true
    property bool stacked: false
    readonly property bool over: root.stacked || (root.editable && ["text", "notice-code", "email"].includes(root.row.input ?? "")) // the box under its label
    readonly property bool asked: (root.row.choices ?? []).length > 0
    readonly property bool doubtful: root.row.doubtful ?? false
    readonly property bool editable: root.row.editable ?? false
    readonly property string error: root.row.error ?? ""

    contentHeight: line.implicitHeight
    ground: root.editable ? Theme.writable : Theme.readOnly
    lined: root.rowLined && !root.editable
    minimum: root.compact ? 100 : Theme.landscape ? 140 : 156

    GridLayout {
        id: line

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: 24
        columns: root.over && root.editable ? 1 : 2
        rowSpacing: 8

        ColumnLayout {
            Layout.fillWidth: true
            Layout.minimumWidth: 200
            spacing: 0

            Txt {
                Layout.fillWidth: true
                font.pixelSize: Sizes.rowLabel
                leading: 1.35
                strong: true
                text: root.row.label ?? ""
            }
            Txt {
                Layout.fillWidth: true
                color: root.error ? Theme.danger : Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.note - 2 : 26
                leading: 1.4
                strong: root.error !== ""
                text: root.error || (root.row.note ?? "")
                visible: text !== "" && (!root.compact || root.error !== "")
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: 4
                spacing: 8
                visible: root.editable && (root.row.source ?? "") !== "" && (!root.compact || root.doubtful)

                Icon {
                    accent: root.doubtful ? Theme.warningInk : Theme.success
                    color: root.doubtful ? Theme.warningInk : Theme.success
                    name: root.doubtful ? "warn" : "check"
                    size: Sizes.smallest
                    stroke: root.doubtful ? 3 : 5
                }
                Txt {
                    Layout.fillWidth: true
                    color: root.doubtful ? Theme.warningInk : Theme.success
                    font.pixelSize: Sizes.smallest
                    leading: 1.4
                    strong: root.doubtful
                    text: root.row.source ?? ""
                }
            }
        }
        ColumnLayout {
            Layout.maximumWidth: root.width * 0.64
            spacing: 0
            visible: !root.editable

            Txt {
                Layout.alignment: Qt.AlignRight
                Layout.maximumWidth: root.width * 0.64
                font.letterSpacing: 0.5
                font.pixelSize: (root.row.strong ?? false) ? Sizes.rowValue + 4 : Sizes.rowValue
                horizontalAlignment: Text.AlignRight
                leading: 1.3
                strong: root.row.strong ?? false
                text: root.row.value ?? ""
                wrapMode: Text.Wrap
            }
            RowLayout {
                Layout.alignment: Qt.AlignRight
                spacing: 8
                visible: (root.row.source ?? "") !== "" && !root.compact

                Icon {
                    accent: Theme.inkMuted
                    color: Theme.inkMuted
                    name: (root.row.strong ?? false) ? "" : "lock"
                    size: Sizes.smallest
                }
                Txt {
                    color: Theme.inkMuted
                    font.pixelSize: Sizes.smallest
                    leading: 1.4
                    text: root.row.source ?? ""
                    wrapMode: Text.NoWrap
                }
            }
        }
        YesNoKeys {
            Layout.fillWidth: root.over
            Layout.preferredWidth: Theme.elder ? 400 : 360
            row: root.row
            visible: root.editable && root.asked
        }
        FieldBox {
            Layout.fillWidth: root.over
            Layout.preferredWidth: root.over ? root.width : Math.min(root.width * 0.55, Theme.elder ? root.width : 520)
            focusedRow: root.focusedRow
            ringed: root.ringed
            row: root.row
            visible: root.editable && !root.asked
        }
    }
}
