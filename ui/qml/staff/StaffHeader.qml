import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Whose pages these are, which terminal, who is on duty, and the way out.
GridLayout {
    id: root

    readonly property bool brief: root.page.kind === "board" || root.page.kind === "signIn"
    property var page: ({})

    columnSpacing: 24
    columns: Theme.landscape ? 2 : 1
    rowSpacing: 12

    RowLayout {
        Layout.fillWidth: true
        spacing: 18

        Seal {
            character: Words.t["header.seal"]
            size: 60
        }
        Title {
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.landscape ? implicitWidth : -1
            Layout.preferredWidth: Theme.landscape ? implicitWidth : -1
            largest: 40
            smallest: 28
            text: root.page.title ?? ""
        }
        Rectangle {
            border.color: Theme.warning
            border.width: 2
            color: "transparent"
            implicitHeight: 48
            implicitWidth: mode.implicitWidth + 32
            radius: Sizes.radiusTag

            Txt {
                id: mode

                anchors.centerIn: parent
                color: Theme.warning
                font.pixelSize: 24
                leading: 1.2
                text: Words.t["bench.mode"]
                wrapMode: Text.NoWrap
            }
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: 26
            leading: 1.2
            text: root.page.where ?? ""
            visible: Theme.landscape && root.brief
        }
        Item {
            Layout.fillWidth: true
            visible: Theme.landscape && !root.brief
        }
    }
    RowLayout {
        Layout.fillWidth: !Theme.landscape
        spacing: 18

        Txt {
            Layout.fillWidth: !Theme.landscape
            color: Theme.inkMuted
            font.pixelSize: 26
            leading: 1.2
            text: (root.page.staff ? Words.fill(Words.t["bench.on-duty"], {
                    "staff": root.page.staff
                }) + "   " : "") + Moment.time
        }
        SecondButton {
            blue: false
            iconName: "globe"
            implicitHeight: Sizes.targetMinimum
            objectName: "staff:language"
            text: Words.other.name

            onClicked: Staff.act("language", "")
        }
        SecondButton {
            blue: false
            iconName: "exit"
            implicitHeight: Sizes.targetMinimum
            objectName: "staff:leave"
            strong: true
            text: Words.t["bench.key.leave"]

            onClicked: Staff.act("leave", "")
        }
    }
    Txt {
        Layout.fillWidth: true
        color: Theme.inkMuted
        font.pixelSize: 26
        leading: 1.2
        text: root.page.where ?? ""
        visible: !Theme.landscape && root.brief
    }
    Txt {
        Layout.columnSpan: Theme.landscape ? 2 : 1
        Layout.fillWidth: true
        color: Theme.inkMuted
        font.pixelSize: 26
        leading: 1.3
        text: root.page.lead ?? ""
        visible: text !== ""
    }
}
