import QtQuick
import QtQuick.Layouts
import Kiosk

// Top of the portrait screen: the bureau at home, else back, service and sign out.
Item {
    id: root

    readonly property var frame: Flow.frame
    property bool home: false
    readonly property bool longName: Theme.elder && root.frame.bureau.length > 16 // two lines, not tiny letters

    signal leavePressed

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Sizes.margin
        anchors.rightMargin: Sizes.margin
        spacing: 20
        visible: root.home

        Seal {
            character: Words.t["header.seal"]
            size: Theme.elder ? 80 : 68
        }
        Column {
            Layout.fillWidth: true
            spacing: 2

            Text {
                color: Theme.ink
                font.family: Theme.titleFont
                font.letterSpacing: Words.lang.startsWith("zh") ? 2 : 0
                font.pixelSize: !Theme.elder || root.longName ? 32 : 42
                font.weight: Font.Bold
                fontSizeMode: root.longName ? Text.FixedSize : Text.HorizontalFit
                minimumPixelSize: 24
                text: root.frame.bureau
                textFormat: Text.PlainText
                wrapMode: root.longName ? Text.Wrap : Text.NoWrap
                width: parent.width
            }
            Txt {
                color: Theme.inkMuted
                font.pixelSize: 24
                leading: 1.2
                text: Words.fill(Words.t["header.place"], {
                    "hall": root.frame.hall
                })
                visible: !Theme.elder
                width: parent.width
            }
        }
        LanguagePill {
            visible: !root.frame.canLeave
        }
        LeaveKey {
            onClicked: root.leavePressed()
        }
        Pill {
            filled: !Theme.elder
            iconName: Theme.elder ? "" : "text"
            objectName: Theme.elder ? "mode:standard" : "mode:elder"
            text: Theme.elder ? Words.t["access.standard"] : Words.t["access.elder"]

            onClicked: Flow.mode(Theme.elder ? "standard" : "elder")
        }
    }
    Item {
        anchors.fill: parent
        anchors.leftMargin: Sizes.margin
        anchors.rightMargin: Sizes.margin
        visible: !root.home

        BackKey {
            id: back

            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
        }
        Txt {
            anchors.centerIn: parent
            color: Theme.inkMuted
            font.pixelSize: 28
            horizontalAlignment: Text.AlignHCenter
            leading: 1.2
            text: root.frame.service
            visible: !Theme.elder
            width: parent.width - 2 * Math.max(back.width, leave.width) - 40
        }
        LeaveKey {
            id: leave

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter

            onClicked: root.leavePressed()
        }
    }
}
