pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The left rail of the landscape screen: title, steps, state of the network, access keys.
Rectangle {
    id: root

    property bool art: false
    property bool done: false
    property bool home: false
    readonly property real free: root.height - 76 - head.implicitHeight - 28 - title.bare - 28 - 8 - 20 - status.implicitHeight - keys.implicitHeight
    readonly property bool crowded: !Theme.elder && root.free < Flow.frame.steps.length * 38

    signal helpPressed
    signal leavePressed
    signal staffPressed

    clip: true
    color: Theme.rail

    Mountains {
        height: parent.height
        name: root.art ? "mountains-rail" : ""
        natural: 644 / 1080
        shift: root.height - width / natural
        width: parent.width
    }
    Rectangle {
        anchors.right: parent.right
        color: Theme.line
        height: parent.height
        width: 2
    }
    ColumnLayout {
        anchors.bottomMargin: 40
        anchors.fill: parent
        anchors.leftMargin: 60
        anchors.rightMargin: 44
        anchors.topMargin: 36
        spacing: 0

        Item {
            id: head

            Layout.fillWidth: true
            Layout.leftMargin: -16
            implicitHeight: Theme.elder ? 88 : 72
            visible: !root.done && (!root.home || Flow.frame.canLeave)

            BackKey {
                anchors.left: parent.left
            }
            LeaveKey {
                anchors.right: parent.right

                onClicked: root.leavePressed()
            }
        }
        BureauMark {
            Layout.fillWidth: true
            Layout.topMargin: 8
            size: 68
            visible: root.home
        }
        TitleBlock {
            id: title

            Layout.fillWidth: true
            Layout.topMargin: root.home ? 48 : 28
            rail: true
            told: root.crowded && Flow.frame.steps.length > 1
            visible: !root.done
        }
        Loader {
            Layout.fillWidth: true
            Layout.topMargin: 40
            active: root.done
            visible: active

            sourceComponent: ArrivalHead {
                width: 540
            }
        }
        Txt {
            Layout.fillWidth: true
            Layout.topMargin: 14
            font.pixelSize: 28
            text: Moment.date + "　" + Moment.time
            visible: root.home && !Theme.elder
        }
        RowLayout {
            Layout.topMargin: 20
            spacing: 16
            visible: root.home && Theme.elder

            LanguagePill {}
            Pill {
                objectName: "mode:standard"
                text: Words.t["access.standard"]

                onClicked: Flow.mode("standard")
            }
        }
        StepsRail {
            id: steps

            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: Flow.frame.steps.length * 74
            Layout.minimumHeight: Flow.frame.steps.length * 38
            Layout.topMargin: 28
            row: height / Math.max(1, Flow.frame.steps.length)
            steps: Flow.frame.steps
            visible: !root.art && !Theme.elder && !root.crowded && Flow.frame.steps.length > 1
        }
        Item {
            Layout.fillHeight: true
            Layout.minimumHeight: 8
        }
        ColumnLayout {
            id: status

            Layout.bottomMargin: 20
            Layout.fillWidth: true
            spacing: 2
            visible: !root.art || !Flow.frame.online

            NetworkSign {
                plate: root.art
                visible: !Flow.frame.online || !Theme.elder
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Sizes.smallest
                leading: 1.3
                text: Flow.frame.statusNote
                visible: text !== "" && !root.art
            }
        }
        GridLayout {
            id: keys

            Layout.fillWidth: true
            columnSpacing: 12
            columns: 3
            rowSpacing: 12
            uniformCellWidths: true
            visible: !Theme.elder

            RailKey {
                iconName: "help"
                objectName: "help"
                text: Words.t["access.help"]

                onClicked: root.helpPressed()
            }
            RailKey {
                iconName: "speaker"
                objectName: "read"
                text: Words.t["access.read"]
                visible: Speech.available

                onClicked: Speech.read()
            }
            RailKey {
                iconName: "text"
                objectName: "bar:elder"
                text: Words.t["access.elder"]

                onClicked: Flow.mode("elder")
            }
            RailKey {
                iconName: "globe"
                objectName: "bar:language"
                text: Words.other.name

                onClicked: Flow.language(Words.other.tag)
            }
            RailKey {
                iconName: "contrast"
                objectName: "contrast"
                text: Theme.contrast ? Words.t["access.contrast.off"] : Words.t["access.contrast"]

                onClicked: Theme.setContrast(!Theme.contrast)
            }
            RailKey {
                Layout.columnSpan: Speech.available ? 1 : 2
                iconName: "staff"
                objectName: "staff"
                text: Words.t["access.staff"]

                onClicked: root.staffPressed()
            }
        }
        ElderAccess {
            Layout.fillWidth: true
            fontSize: 32
            visible: Theme.elder

            onHelpPressed: root.helpPressed()
            onStaffPressed: root.staffPressed()
        }
    }

    component RailKey: AccessKey {
        Layout.fillWidth: true
        Layout.preferredHeight: 96
        Layout.preferredWidth: 100
        below: true
        framed: true
    }
}
