import QtQuick
import QtQuick.Layouts
import Kiosk

// A fact with its value, and Change beside it where it can be changed.
Item {
    id: root

    property bool money: false
    property bool changes: false
    property var row: ({})
    property bool stacked: Theme.elder || Theme.landscape
    readonly property bool canChange: (root.row.change ?? "") !== ""
    readonly property string fixed: root.row.fixed ?? ""

    implicitHeight: line.implicitHeight

    RowLayout {
        id: line

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 20

        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 20
            columns: root.stacked ? 1 : 2
            rowSpacing: 0

            Txt {
                Layout.alignment: Qt.AlignLeft | Qt.AlignVCenter
                Layout.fillWidth: true
                Layout.maximumWidth: root.stacked ? 10000 : root.money ? Math.ceil(implicitWidth) : 250
                Layout.preferredWidth: root.money && !root.stacked ? implicitWidth : 250
                color: root.money ? Theme.ink : Theme.inkMuted
                font.pixelSize: root.money ? Sizes.lead : Theme.elder ? Sizes.note : root.stacked ? 26 : 28
                leading: 1.35
                text: root.row.label ?? ""
            }
            Txt {
                Layout.fillWidth: true
                Layout.preferredWidth: 300
                font.pixelSize: Theme.elder ? Sizes.body : 32
                leading: 1.35
                text: root.row.value ?? ""
                visible: !root.money && text !== ""
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.smallest : 26
                leading: 1.35
                text: root.row.note ?? ""
                visible: text !== ""
            }
        }
        Txt {
            Layout.fillWidth: true
            Layout.minimumWidth: implicitWidth
            font.letterSpacing: 0.5
            font.pixelSize: Theme.elder ? Sizes.body + 2 : 34
            horizontalAlignment: Text.AlignRight
            leading: 1.3
            text: root.row.value ?? ""
            visible: root.money
            wrapMode: Text.NoWrap
        }
        SecondButton {
            Layout.minimumWidth: Theme.elder ? 150 : 132
            fontSize: Theme.elder ? Sizes.note : 28
            implicitHeight: Math.max(Sizes.targetMinimum, 72)
            objectName: "change:" + (root.row.change ?? "")
            radius: Sizes.radiusSmall
            text: Words.t["review.change"]
            visible: root.canChange

            onClicked: Flow.change(root.row.change)
        }
        Txt {
            Layout.minimumWidth: Theme.elder ? 150 : 132
            color: Theme.inkMuted
            font.pixelSize: Sizes.smallest
            horizontalAlignment: Text.AlignHCenter
            leading: 1.3
            text: root.fixed
            visible: root.changes && !root.canChange
        }
    }
}
