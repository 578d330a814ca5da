pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Scan this code, use your card, have it debited: amount, code, card terminal or account, and that nobody pays twice.
PageBase {
    id: root

    readonly property bool coded: root.page.qr !== ""
    readonly property string minutes: Math.floor(root.page.secondsLeft / 60) + ":" + String(root.page.secondsLeft % 60).padStart(2, "0")
    // what the card terminal waits for, as a spot on its picture
    readonly property string spot: ({
            "insert": "paymentTerminal",
            "again": "paymentTerminal",
            "other": "paymentTerminal",
            "several": "paymentTerminal",
            "confirm": "paymentTerminal-pin",
            "pin": "paymentTerminal-pin",
            "remove": "paymentTerminal"
        })[root.page.state] ?? ""
    readonly property var tone: ({
            "agree": "bank",
            "confirming": "phone",
            "paid": "check",
            "expired": "clock",
            "declined": "x",
            "ended": "warn",
            "closed": "warn",
            "refused": "warn",
            "doubt": "warn"
        })[root.page.state] ?? ""

    GridLayout {
        anchors.fill: parent
        columnSpacing: 60
        columns: Theme.landscape ? 2 : 1
        rowSpacing: Theme.elder ? 24 : 28

        GridLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.columnSpan: Theme.landscape ? 2 : 1
            columnSpacing: 40
            columns: Theme.landscape ? 2 : 1
            rowSpacing: 0

            Money {
                Layout.alignment: Qt.AlignHCenter
                amount: root.page.amount
                size: Theme.landscape ? 88 : Sizes.amountPay
            }
            Txt {
                Layout.alignment: Qt.AlignHCenter
                color: Theme.inkMuted
                font.pixelSize: Sizes.note
                text: root.page.amountNote
                visible: text !== ""
            }
        }
        QrCard {
            id: code

            Layout.alignment: Qt.AlignHCenter | Qt.AlignVCenter
            Layout.fillHeight: true
            Layout.maximumHeight: 700
            Layout.minimumHeight: 320
            Layout.preferredHeight: 700
            Layout.preferredWidth: code.height
            size: code.height
            text: root.page.qr
            visible: root.coded
        }
        Card {
            readonly property real full: told.implicitHeight + (root.spot ? 72 : 120)

            Layout.alignment: Qt.AlignCenter
            Layout.columnSpan: Theme.landscape ? 2 : 1
            Layout.fillHeight: root.spot !== ""
            Layout.fillWidth: true
            Layout.maximumHeight: full
            Layout.maximumWidth: Theme.landscape ? (root.spot ? root.width : 980) : 820
            Layout.preferredHeight: full
            visible: !root.coded

            GridLayout {
                id: told

                anchors.left: parent.left
                anchors.margins: Theme.elder ? 36 : 60
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                columnSpacing: 40
                columns: root.spot && Theme.landscape ? 2 : 1
                height: Math.min(told.implicitHeight, parent.height - (root.spot ? 48 : 0))
                rowSpacing: Theme.elder ? 20 : 36

                Spinner {
                    Layout.alignment: Qt.AlignHCenter
                    size: 160
                    visible: ["asking", "charging", "debiting", "processing"].includes(root.page.state)
                }
                DevicePicture {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.minimumHeight: 160
                    Layout.preferredHeight: Theme.landscape ? 400 : 500
                    Layout.preferredWidth: 100
                    border.width: 0
                    color: "transparent"
                    device: root.spot || "paymentTerminal"
                    phase: root.page.state === "remove" ? "done" : "waiting"
                    showWhere: false
                    visible: root.spot !== ""
                }
                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    accent: color
                    color: root.page.state === "paid" ? Theme.success : root.page.state === "declined" ? Theme.danger : ["agree", "confirming"].includes(root.page.state) ? Theme.primary : Theme.warningInk
                    name: root.tone
                    size: Theme.landscape ? 120 : 160
                    stroke: 2.6
                }
                Txt {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    font.pixelSize: Sizes.rowValue
                    horizontalAlignment: told.columns === 2 ? Text.AlignLeft : Text.AlignHCenter
                    leading: 1.35
                    objectName: "state"
                    strong: true
                    text: root.page.message
                }
            }
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.fillWidth: Theme.landscape
            Layout.maximumWidth: root.width
            spacing: Theme.landscape ? 40 : 24
            visible: root.coded

            GridLayout {
                Layout.alignment: Theme.landscape ? Qt.AlignLeft : Qt.AlignHCenter
                columnSpacing: 40
                columns: Theme.landscape ? 1 : 2
                rowSpacing: Theme.landscape && Theme.elder ? 12 : 32

                CountdownRing {
                    objectName: "countdown"
                    share: root.page.secondsLeft / Math.max(1, root.page.secondsTotal)
                    size: !Theme.elder ? 176 : Theme.landscape && root.page.codeWrong ? 160 : 200 // why a code was not taken needs room
                    time: root.minutes
                    unit: Words.t["pay.validity"]
                }
                ColumnLayout {
                    spacing: 2

                    Repeater {
                        model: 3

                        RowLayout {
                            id: step

                            required property int index

                            Layout.fillWidth: true
                            spacing: 28

                            Txt {
                                font.pixelSize: Sizes.body
                                leading: 1.5
                                strong: true
                                text: step.index + 1
                            }
                            Txt {
                                Layout.fillWidth: true
                                font.pixelSize: Sizes.body
                                leading: 1.5
                                text: Words.t["pay.step." + (step.index + 1)]
                            }
                        }
                    }
                }
            }
        }
        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.columnSpan: Theme.landscape ? 2 : 1
            spacing: 20
            visible: root.coded && root.page.codeNote !== ""

            Icon {
                accent: color
                color: root.page.codeWrong ? Theme.danger : Theme.primary
                name: root.page.codeWrong ? "warn" : "scan"
                size: Theme.elder ? 60 : 48
            }
            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: root.page.codeWrong ? Theme.danger : Theme.ink
                font.pixelSize: Sizes.body
                leading: 1.35
                objectName: "code-note"
                strong: root.page.codeWrong
                text: root.page.codeNote ?? ""
            }
        }
        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.columnSpan: Theme.landscape ? 2 : 1
            spacing: 20

            Icon {
                accent: Theme.success
                color: Theme.success
                name: "shield"
                size: Theme.elder ? 52 : 40
            }
            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: Theme.success
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.4
                text: Words.t["pay.once"]
            }
        }
        FactList {
            Layout.alignment: Qt.AlignHCenter
            Layout.columnSpan: Theme.landscape ? 2 : 1
            Layout.fillWidth: true
            Layout.maximumWidth: 820
            facts: root.page.facts
        }
        Item {
            Layout.columnSpan: Theme.landscape ? 2 : 1
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
