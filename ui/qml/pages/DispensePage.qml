import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Invoices come out one by one; each number is read.
PageBase {
    id: root

    readonly property bool problem: root.page.state === "problem"

    GridLayout {
        anchors.fill: parent
        columnSpacing: Sizes.gap
        columns: 1
        rowSpacing: Theme.elder || Theme.landscape ? 20 : 28

        DevicePicture {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 680
            Layout.minimumHeight: 200
            Layout.preferredHeight: 680
            device: "invoiceDispenser"
            phase: root.page.state === "take" ? "done" : root.problem ? "problem" : "take"
            where: root.page.where
        }
        SheetTrack {
            Layout.fillWidth: true
            sheets: root.page.sheets
        }
        ProgressTrack {
            Layout.fillWidth: true
            share: root.page.progress
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: 14

            Icon {
                accent: root.problem ? Theme.warningInk : Theme.seal
                color: root.problem ? Theme.warningInk : Theme.primary
                name: root.problem ? "warn" : "camera"
                size: 40
            }
            Txt {
                Layout.fillWidth: true
                color: root.problem ? Theme.warningInk : Theme.ink
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.4
                objectName: "state"
                strong: root.problem
                text: root.page.message
            }
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
